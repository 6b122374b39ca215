from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.house import raises_aws

from doorward.account.model import LoginProfile
from doorward.app.vault import AccountVault
from doorward.services.iam.passwords import password_place

SINCE = datetime(2026, 9, 11, 10, tzinfo=UTC)


@pytest.fixture
def ann(house):
    """A user with a password, as a seed gives one."""
    house.iam.create_user(UserName="Ann")
    live = house.house.accounts.get(house.account_id)
    user = live.account.user("ann")
    vault = AccountVault(live, house.house.sealer)
    vault.put(password_place(user.user_id), b"hash")
    account = live.account.put(
        replace(user, login_profile=LoginProfile(SINCE, reset_required=True))
    )
    house.house.accounts.publish(replace(vault.live, account=account))
    return house


def test_a_password_shows_as_a_login_profile(ann):
    assert ann.iam.get_login_profile(UserName="ann")["LoginProfile"] == {
        "UserName": "Ann",
        "CreateDate": SINCE,
        "PasswordResetRequired": True,
    }


def test_a_user_with_a_password_cannot_be_deleted(ann):
    with raises_aws("DeleteConflict", "Cannot delete entity, must delete login profile first."):
        ann.iam.delete_user(UserName="ann")


def test_a_deleted_password_is_gone_with_its_hash(ann):
    user_id = ann.iam.get_user(UserName="ann")["User"]["UserId"]
    ann.iam.delete_login_profile(UserName="ann")
    live = ann.house.accounts.get(ann.account_id)
    assert password_place(user_id) not in live.secrets
    with raises_aws("NoSuchEntity", "Login Profile for User Ann cannot be found."):
        ann.iam.get_login_profile(UserName="ann")


@pytest.mark.parametrize("call", ["get_login_profile", "delete_login_profile"])
def test_nobody_to_have_a_password(house, call):
    with raises_aws("NoSuchEntity", "The user with name bob cannot be found."):
        getattr(house.iam, call)(UserName="bob")
