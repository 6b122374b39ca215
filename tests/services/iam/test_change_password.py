import json
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from tests.house import raises_aws

from doorward.account.caller import Caller
from doorward.services.iam.change_password import guessed_at

FIRST, SECOND, THIRD = "First-Passw0rd", "Second-Passw0rd", "Third-Passw0rd"
WRONG = "The old password was incorrect."
REUSED = "Password was used before and may not be reused"
MAY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "*"},
    }
)
MAY_NOT = MAY.replace("Allow", "Deny")


@pytest.fixture
def home(house):
    """Ann, who has a password and may change it."""
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(UserName="ann", PolicyName="may", PolicyDocument=MAY)
    house.iam.create_login_profile(UserName="ann", Password=FIRST)
    house.ann = house.user_client("ann")
    return house


def change(home, old, new):
    home.ann.change_password(OldPassword=old, NewPassword=new)


def must_change(home):
    return home.iam.get_login_profile(UserName="ann")["LoginProfile"]["PasswordResetRequired"]


def test_the_new_password_is_the_old_one_next_time(home):
    change(home, FIRST, SECOND)
    with raises_aws("AccessDenied", WRONG) as caught:
        change(home, FIRST, THIRD)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    change(home, SECOND, THIRD)


def test_it_need_not_be_changed_any_more(home):
    home.iam.update_login_profile(UserName="ann", PasswordResetRequired=True)
    assert must_change(home)
    change(home, FIRST, SECOND)
    assert not must_change(home)


def test_a_refused_change_leaves_that_open(home):
    home.iam.update_login_profile(UserName="ann", PasswordResetRequired=True)
    for old, new, code in (
        (SECOND, THIRD, "AccessDenied"),
        (FIRST, "weak", "PasswordPolicyViolation"),
        (FIRST, FIRST, "AccessDenied"),
    ):
        with raises_aws(code):
            change(home, old, new)
    assert must_change(home)
    change(home, FIRST, SECOND)


def test_the_same_password_again_is_denied(home):
    with raises_aws("AccessDenied", "The new password must not be the old password."):
        change(home, FIRST, FIRST)


def test_it_is_a_violation_where_a_policy_prevents_reuse(home):
    home.iam.update_account_password_policy(PasswordReusePrevention=1)
    with raises_aws("PasswordPolicyViolation", REUSED):
        change(home, FIRST, FIRST)


@pytest.mark.practice("S003-23")
@pytest.mark.parametrize("prevented", [1, 2, 24])
def test_as_many_passwords_back_as_the_policy_says(home, prevented):
    home.iam.update_account_password_policy(PasswordReusePrevention=prevented)
    chosen = [FIRST, *(f"Another-Passw0rd-{number}" for number in range(prevented + 1))]
    for old, new in pairwise(chosen):
        change(home, old, new)
    with raises_aws("PasswordPolicyViolation", REUSED):
        change(home, chosen[-1], chosen[1])
    change(home, chosen[-1], chosen[0])


def test_an_administrator_is_held_to_it_too(home):
    home.iam.update_account_password_policy(PasswordReusePrevention=5)
    home.iam.update_login_profile(UserName="ann", Password=SECOND)
    for used in (FIRST, SECOND):
        with raises_aws("PasswordPolicyViolation", REUSED):
            home.iam.update_login_profile(UserName="ann", Password=used)


def test_passwords_from_before_the_policy_count(home):
    change(home, FIRST, SECOND)
    home.iam.update_account_password_policy(PasswordReusePrevention=5)
    with raises_aws("PasswordPolicyViolation", REUSED):
        change(home, SECOND, FIRST)


def test_without_one_an_old_password_may_come_back(home):
    home.iam.update_account_password_policy()
    change(home, FIRST, SECOND)
    change(home, SECOND, FIRST)


def test_there_must_be_a_password_to_change(home):
    home.iam.delete_login_profile(UserName="ann")
    with raises_aws("NoSuchEntity", "Login Profile for User ann cannot be found."):
        change(home, FIRST, SECOND)


def test_only_users_have_one(home):
    role = home.iam.create_role(
        RoleName="r",
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"AWS": home.account_id},
                    "Action": "sts:AssumeRole",
                },
            }
        ),
    )["Role"]
    home.iam.put_role_policy(RoleName="r", PolicyName="may", PolicyDocument=MAY)
    session = home.sts.assume_role(RoleArn=role["Arn"], RoleSessionName="one")["Credentials"]
    with raises_aws("InvalidUserType", "Only IAM Users can change their own password"):
        home.client_of(session).change_password(OldPassword=FIRST, NewPassword=SECOND)


def test_whoever_may_not_is_told_nothing_of_the_password(home):
    home.iam.delete_user_policy(UserName="ann", PolicyName="may")
    for old in (FIRST, SECOND):
        with raises_aws("AccessDenied") as caught:
            change(home, old, THIRD)
        assert "iam:ChangePassword" in caught.value.response["Error"]["Message"]


@pytest.mark.practice("S003-24")
def test_the_accounts_policy_lets_everybody_and_a_deny_still_wins(home):
    home.iam.delete_user_policy(UserName="ann", PolicyName="may")
    home.iam.update_account_password_policy(AllowUsersToChangePassword=True)
    change(home, FIRST, SECOND)
    assert home.ann.get_account_password_policy()
    with raises_aws("AccessDenied"):
        home.ann.get_user()
    home.iam.put_user_policy(UserName="ann", PolicyName="may-not", PolicyDocument=MAY_NOT)
    with raises_aws("AccessDenied"):
        change(home, SECOND, THIRD)
    home.iam.delete_user_policy(UserName="ann", PolicyName="may-not")
    home.iam.update_account_password_policy()
    with raises_aws("AccessDenied"):
        change(home, SECOND, THIRD)


@pytest.mark.practice("S003-22")
def test_an_expired_password_is_changed_by_whoever_has_a_key(home):
    home.iam.update_account_password_policy(MaxPasswordAge=1, HardExpiry=True)
    home.clock.advance(days=400)
    change(home, FIRST, SECOND)
    changed = home.house.accounts.get(home.account_id).account.user("ann").login_profile.changed
    assert home.clock() - changed < timedelta(minutes=1)


@pytest.mark.practice("S003-19")
def test_guessing_is_slowed_down(home):
    for _ in range(5):
        with raises_aws("AccessDenied", WRONG):
            change(home, SECOND, THIRD)
    with raises_aws("Throttling"):
        change(home, FIRST, SECOND)
    home.clock.advance(minutes=16)
    change(home, FIRST, SECOND)


def test_a_weak_new_password_is_no_guess(home):
    for _ in range(8):
        with raises_aws("PasswordPolicyViolation"):
            change(home, FIRST, "weak")
        with raises_aws("AccessDenied"):
            change(home, FIRST, FIRST)
    change(home, FIRST, SECOND)


def test_a_guess_is_at_the_callers_password_whatever_the_case_of_the_name():
    arn = "arn:aws:iam::111122223333:user/Ann"
    user = SimpleNamespace(
        caller=Caller.user(arn, "AIDA1"), account=SimpleNamespace(id="111122223333")
    )
    assert guessed_at(user) == "111122223333/ann"
    assert guessed_at(SimpleNamespace(caller=Caller.root("111122223333"))) is None


def test_no_password_reaches_the_trail(home):
    change(home, FIRST, SECOND)
    with raises_aws("AccessDenied"):
        change(home, FIRST, THIRD)
    told = " ".join(map(repr, home.records()))
    assert "ChangePassword" in told
    assert not [each for each in (FIRST, SECOND, THIRD) if each in told]
