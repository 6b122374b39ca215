"""Sensitive actions with MFA alone: not with a key, not with a session without, not too late."""

from datetime import timedelta

import pytest
from tests.house import raises_aws
from tests.practices.conftest import a_user

pytestmark = pytest.mark.practice("S000-12")

DELETE = "iam:DeleteUser"
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
RECENTLY = {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}


@pytest.fixture
def ann(house):
    """May delete users with MFA of the last hour, and read them at any time."""
    a_user(
        house.iam,
        "ann",
        {"Action": ["iam:GetUser", "sts:*"]},
        {"Action": DELETE, "Condition": WITH_MFA | RECENTLY},
    )
    house.iam.create_user(UserName="bob")
    return house.user_client("ann")


def test_a_key_is_not_enough(ann):
    assert ann.get_user(UserName="bob")
    with raises_aws("AccessDenied") as caught:
        ann.delete_user(UserName="bob")
    assert "no identity-based policy allows the iam:DeleteUser action" in str(caught.value)


@pytest.mark.usefixtures("ann")
def test_a_session_without_mfa_calls_no_iam_at_all(house):
    session = house.user_client("ann", "sts").get_session_token()["Credentials"]
    with raises_aws("InvalidClientTokenId") as caught:
        house.client_of(session).delete_user(UserName="bob")
    assert "obtained without MFA" in str(caught.value)


@pytest.mark.usefixtures("ann")
def test_a_made_up_code_opens_no_session(house):
    serial = f"arn:aws:iam::{house.account_id}:mfa/ann"
    with raises_aws("AccessDenied"):
        house.user_client("ann", "sts").get_session_token(SerialNumber=serial, TokenCode="123456")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=59)])
def test_with_mfa_it_is_allowed(house, session_with_mfa, later):
    iam = house.client_of(session_with_mfa("ann"))
    house.clock.advance(seconds=later.total_seconds())
    iam.delete_user(UserName="bob")
    assert "bob" not in {user["UserName"] for user in house.iam.list_users()["Users"]}


@pytest.mark.usefixtures("ann")
def test_with_mfa_of_an_hour_ago_it_is_refused(house, session_with_mfa):
    iam = house.client_of(session_with_mfa("ann"))
    house.clock.advance(hours=1)
    assert iam.get_user(UserName="bob")
    with raises_aws("AccessDenied"):
        iam.delete_user(UserName="bob")


@pytest.mark.parametrize(
    ("effect", "operator", "wanted", "with_key"),
    [
        ("Deny", "BoolIfExists", "false", False),
        ("Deny", "Bool", "false", True),
        ("Allow", "BoolIfExists", "true", True),
        ("Allow", "Bool", "true", False),
    ],
)
def test_the_four_idioms_and_a_key(house, effect, operator, wanted, with_key):
    condition = {operator: {"aws:MultiFactorAuthPresent": wanted}}
    base = [{}] if effect == "Deny" else []
    a_user(house.iam, "ann", *base, {"Effect": effect, "Condition": condition})
    ann = house.user_client("ann")
    if with_key:
        assert ann.list_users()
        return
    with raises_aws("AccessDenied"):
        ann.list_users()
