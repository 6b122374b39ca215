from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tests.house import TestHouse, raises_aws

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import LoginProfile, Profile
from doorward.app.vault import AccountVault
from doorward.authn.passwords import Cost, matches
from doorward.services.iam.errors import NoSuchEntity
from doorward.services.iam.login_profiles import delete_login_profile, get_login_profile
from doorward.services.iam.passwords import password_place

SINCE = datetime(2026, 9, 11, 10, tzinfo=UTC)
FIRST, SECOND = "First-Passw0rd", "Second-Passw0rd"
CHEAP = Cost(memory_kib=64, time_cost=1)


@pytest.fixture
def ann(house):
    """A user without a password."""
    house.iam.create_user(UserName="Ann")
    return house


@pytest.fixture
def with_password(ann):
    ann.iam.create_login_profile(UserName="ann", Password=FIRST)
    return ann


def user_of(house):
    return house.house.accounts.get(house.account_id).account.user("ann")


def has_password(house, password):
    live = house.house.accounts.get(house.account_id)
    place = password_place(live.account.user("ann").user_id)
    return matches(AccountVault(live, house.house.sealer).get(place), password, CHEAP)


def must_change(house):
    profile = house.iam.get_login_profile(UserName="ann")["LoginProfile"]
    return profile["PasswordResetRequired"]


@pytest.mark.parametrize("required", [True, False])
def test_a_password_is_made_and_shown(ann, required):
    with ann.at(SINCE):
        made = ann.iam.create_login_profile(
            UserName="ann", Password=FIRST, PasswordResetRequired=required
        )["LoginProfile"]
    assert made == {"UserName": "Ann", "CreateDate": SINCE, "PasswordResetRequired": required}
    assert ann.iam.get_login_profile(UserName="ANN")["LoginProfile"] == made
    assert has_password(ann, FIRST)
    assert not has_password(ann, SECOND)


def test_whoever_names_nobody_means_themselves(ann):
    ann.iam.attach_user_policy(UserName="ann", PolicyArn="arn:aws:iam::aws:policy/IAMFullAccess")
    own = ann.user_client("ann")
    own.create_login_profile(Password=FIRST)
    assert own.get_login_profile()["LoginProfile"]["UserName"] == "Ann"
    own.delete_login_profile()
    with raises_aws("NoSuchEntity", "Login Profile for User Ann cannot be found."):
        own.get_login_profile()


def test_a_user_has_one_password(with_password):
    with raises_aws("EntityAlreadyExists", "Login Profile for user Ann already exists."):
        with_password.iam.create_login_profile(UserName="ann", Password=SECOND)
    assert has_password(with_password, FIRST)


def test_a_password_must_be_given(ann):
    with raises_aws("ValidationError"):
        ann.iam.create_login_profile(UserName="ann")


@pytest.mark.parametrize("call", ["create_login_profile", "update_login_profile"])
def test_a_weak_one_is_refused_with_the_reasons(with_password, call):
    house = with_password
    if call == "create_login_profile":
        house.iam.delete_login_profile(UserName="ann")
    with raises_aws(
        "PasswordPolicyViolation",
        "Password should have a minimum length of 8, Password should meet 2 more of the following"
        " requirements: Password should have at least one uppercase letter, Password should have"
        " at least one number, Password should have at least one symbol",
    ) as caught:
        getattr(house.iam, call)(UserName="ann", Password="weak")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert not has_password(house, "weak")


@pytest.mark.parametrize("password", ["\u0100bcdefg1!", "A1!" + "x" * 126])
def test_a_password_that_is_none_is_not_repeated(ann, password):
    with raises_aws("ValidationError") as caught:
        ann.iam.create_login_profile(UserName="ann", Password=password)
    assert password not in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize("required", [True, False])
def test_an_update_of_nothing_changes_nothing(ann, required):
    ann.iam.create_login_profile(UserName="ann", Password=FIRST, PasswordResetRequired=required)
    before = user_of(ann)
    ann.iam.update_login_profile(UserName="ann")
    assert user_of(ann) == before
    assert has_password(ann, FIRST)


@pytest.mark.parametrize("required", [True, False])
def test_a_new_password_leaves_it_open_whether_it_must_be_changed(ann, required):
    ann.iam.create_login_profile(UserName="ann", Password=FIRST, PasswordResetRequired=required)
    ann.iam.update_login_profile(UserName="ann", Password=SECOND)
    assert must_change(ann) is required
    assert has_password(ann, SECOND)
    assert not has_password(ann, FIRST)


@pytest.mark.parametrize("given", [{}, {"Password": SECOND}])
@pytest.mark.parametrize("required", [True, False])
def test_the_flag_alone_says_whether_it_must_be_changed(with_password, given, required):
    with_password.iam.update_login_profile(UserName="ann", PasswordResetRequired=not required)
    with_password.iam.update_login_profile(UserName="ann", PasswordResetRequired=required, **given)
    assert must_change(with_password) is required


def test_the_time_of_the_change_is_kept_beside_that_of_the_profile(ann):
    later = SINCE.replace(hour=11)
    with ann.at(SINCE):
        ann.iam.create_login_profile(UserName="ann", Password=FIRST)
        ann.iam.update_login_profile(UserName="ann", PasswordResetRequired=True)
    assert user_of(ann).login_profile.changed is None
    with ann.at(later):
        ann.iam.update_login_profile(UserName="ann", Password=SECOND)
    profile = user_of(ann).login_profile
    assert profile.created.replace(microsecond=0) == SINCE
    assert profile.changed.replace(microsecond=0) == later


def test_there_must_be_a_password_to_update(ann):
    with raises_aws("NoSuchEntity", "Login Profile for User Ann cannot be found."):
        ann.iam.update_login_profile(UserName="ann", Password=SECOND)


def test_a_user_with_a_password_cannot_be_deleted(with_password):
    with raises_aws("DeleteConflict", "Cannot delete entity, must delete login profile first."):
        with_password.iam.delete_user(UserName="ann")


def test_a_deleted_password_is_gone_with_its_hash_and_keys_stay(with_password):
    own = with_password.user_client("ann", "sts")
    with_password.iam.delete_login_profile(UserName="ann")
    live = with_password.house.accounts.get(with_password.account_id)
    assert password_place(user_of(with_password).user_id) not in live.secrets
    with raises_aws("NoSuchEntity", "Login Profile for User Ann cannot be found."):
        with_password.iam.get_login_profile(UserName="ann")
    assert own.get_caller_identity()
    with_password.iam.create_login_profile(UserName="ann", Password=FIRST)


@pytest.mark.parametrize("call", ["get_login_profile", "delete_login_profile"])
def test_nobody_to_have_a_password(house, call):
    with raises_aws("NoSuchEntity", "The user with name bob cannot be found."):
        getattr(house.iam, call)(UserName="bob")


def test_no_password_reaches_the_trail(with_password):
    with_password.iam.update_login_profile(UserName="ann", Password=SECOND)
    with raises_aws("PasswordPolicyViolation"):
        with_password.iam.update_login_profile(UserName="ann", Password="weakling")
    told = " ".join(map(repr, with_password.records()))
    assert "UpdateLoginProfile" in told
    assert not [each for each in (FIRST, SECOND, "weakling", "argon2") if each in told]


def test_known_passwords_are_refused_here_too_where_that_is_set():
    house = TestHouse(**{"password.refuse_breached": "everywhere"})
    try:
        house.iam.create_user(UserName="ann")
        with raises_aws("PasswordPolicyViolation") as caught:
            house.iam.create_login_profile(UserName="ann", Password="Password123!")
        assert "known from breaches" in caught.value.response["Error"]["Message"]
        house.iam.create_login_profile(UserName="ann", Password=FIRST)
    finally:
        house.close()


def test_clients_may_use_them_otherwise(ann):
    assert ann.iam.create_login_profile(UserName="ann", Password="Password123!")


class Secrets(dict):
    def drop(self, name):
        del self[name]


def call_of_root(**of_profile):
    profile = Profile(id="111122223333", email="", created=SINCE, **of_profile)
    call = SimpleNamespace(
        account=Account.of(profile.id, [profile]),
        caller=Caller.root(profile.id),
        vault=Secrets({password_place(profile.id): b"kept"}),
    )
    call.update = lambda entity: setattr(call, "account", call.account.put(entity))
    return call


@pytest.mark.parametrize("changed", [None, SINCE.replace(hour=12)])
def test_root_sees_its_own_without_a_name(changed):
    call = call_of_root(root_password_changed=changed)
    assert get_login_profile(call) == {
        "LoginProfile": {"CreateDate": changed or SINCE, "PasswordResetRequired": False}
    }


def test_root_takes_its_own_away():
    call = call_of_root()
    delete_login_profile(call)
    assert not call.vault
    assert call.account.profile.root_has_password is False
    for again in (get_login_profile, delete_login_profile):
        with pytest.raises(NoSuchEntity, match="Login Profile for User null cannot be found"):
            again(call)


def test_a_seeds_profile_is_one_like_others(ann):
    live = ann.house.accounts.get(ann.account_id)
    account = live.account.put(
        replace(live.account.user("ann"), login_profile=LoginProfile(SINCE, reset_required=True))
    )
    ann.house.accounts.publish(replace(live, account=account))
    assert ann.iam.get_login_profile(UserName="ann")["LoginProfile"] == {
        "UserName": "Ann",
        "CreateDate": SINCE,
        "PasswordResetRequired": True,
    }
