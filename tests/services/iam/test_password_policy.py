import pytest
from tests.house import raises_aws

from doorward.catalog.models import service, snake
from doorward.errors import AwsError
from doorward.wire.route import Route
from doorward.wire.validate import validate

DEFAULTS = {
    "MinimumPasswordLength": 6,
    "RequireSymbols": False,
    "RequireNumbers": False,
    "RequireUppercaseCharacters": False,
    "RequireLowercaseCharacters": False,
    "AllowUsersToChangePassword": False,
    "ExpirePasswords": False,
}
STRICT = {
    "MinimumPasswordLength": 14,
    "RequireSymbols": True,
    "RequireNumbers": True,
    "RequireUppercaseCharacters": True,
    "RequireLowercaseCharacters": True,
    "AllowUsersToChangePassword": True,
    "MaxPasswordAge": 90,
    "PasswordReusePrevention": 24,
    "HardExpiry": True,
}


def policy(house):
    return house.iam.get_account_password_policy()["PasswordPolicy"]


@pytest.mark.practice("S003-26")
def test_a_fresh_account_has_none(house):
    with raises_aws(
        "NoSuchEntity",
        f"The Password Policy with domain name {house.account_id} cannot be found.",
    ):
        policy(house)
    with raises_aws("NoSuchEntity", "The account policy with name PasswordPolicy cannot be found."):
        house.iam.delete_account_password_policy()


def test_it_is_set_shown_and_deleted(house):
    house.iam.update_account_password_policy(**STRICT)
    assert policy(house) == STRICT | {"ExpirePasswords": True}
    house.iam.delete_account_password_policy()
    with raises_aws("NoSuchEntity"):
        policy(house)


@pytest.mark.practice("M-13")
def test_what_is_left_out_is_reset(house):
    house.iam.update_account_password_policy(**STRICT)
    house.iam.update_account_password_policy(RequireNumbers=True)
    assert policy(house) == DEFAULTS | {"RequireNumbers": True}
    house.iam.update_account_password_policy()
    assert policy(house) == DEFAULTS


@pytest.mark.practice("S003-20")
@pytest.mark.parametrize(
    ("name", "member", "least", "most"),
    [
        ("minimumPasswordLength", "MinimumPasswordLength", 6, 128),
        ("maxPasswordAge", "MaxPasswordAge", 1, 1095),
        ("passwordReusePrevention", "PasswordReusePrevention", 1, 24),
    ],
)
def test_numbers_have_their_ranges(house, name, member, least, most):
    for value in (least, most):
        house.iam.update_account_password_policy(**{member: value})
        assert policy(house)[member] == value
    # Stock clients refuse a number that is too small themselves.
    with raises_aws("ValidationError") as caught:
        house.iam.update_account_password_policy(**{member: most + 1})
    assert f"'{name}'" in caught.value.response["Error"]["Message"]
    assert policy(house)[member] == most
    route = Route(service("iam"), service("iam").operations["UpdateAccountPasswordPolicy"])
    with pytest.raises(AwsError, match=f"'{name}' failed to satisfy constraint"):
        validate(route, {snake(member): least - 1})


@pytest.mark.parametrize("hard", [True, False])
def test_hard_expiry_is_shown_once_it_was_said(house, hard):
    house.iam.update_account_password_policy(HardExpiry=hard)
    assert policy(house) == DEFAULTS | {"HardExpiry": hard}


@pytest.mark.practice("S002-24", "S003-30", "S004-18")
def test_it_rules_new_passwords_and_no_longer_when_it_is_gone(house):
    house.iam.create_user(UserName="ann")
    house.iam.create_user(UserName="bob")
    house.iam.update_account_password_policy()
    house.iam.create_login_profile(UserName="ann", Password="simple")
    house.iam.update_account_password_policy(**STRICT)
    with raises_aws("PasswordPolicyViolation", "Password should have a minimum length of 14"):
        house.iam.create_login_profile(UserName="bob", Password="Not-S1mple")
    assert house.iam.get_login_profile(UserName="ann")
    house.iam.delete_account_password_policy()
    house.iam.create_login_profile(UserName="bob", Password="Not-S1mple")
