import json

import pytest
from tests.app.signin.browser import Browser, Phone

PASSWORD = "correct horse 7 Battery"


@pytest.fixture
def browser(house):
    return Browser(house)


@pytest.fixture
def root_password(house):
    return house.house.first.root_password


@pytest.fixture
def new_user(house):
    """Make a user with a password."""

    def make(name, **login):
        house.iam.create_user(UserName=name)
        house.iam.create_login_profile(UserName=name, Password=PASSWORD, **login)
        return PASSWORD

    return make


@pytest.fixture
def ann(new_user):
    """The password of a user without permissions."""
    return new_user("ann")


@pytest.fixture
def allow(house):
    """Let a user do some actions on anything."""

    def give(user, *actions):
        statement = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
        document = json.dumps({"Version": "2012-10-17", "Statement": statement})
        house.iam.put_user_policy(UserName=user, PolicyName="allowed", PolicyDocument=document)

    return give


@pytest.fixture
def phone_of(house):
    """Give a user an authenticator app."""

    def give(user, name=None):
        made = house.iam.create_virtual_mfa_device(VirtualMFADeviceName=name or user)
        device = made["VirtualMFADevice"]
        phone = Phone(house, device["SerialNumber"], device["Base32StringSeed"])
        house.iam.enable_mfa_device(
            UserName=user,
            SerialNumber=phone.serial,
            AuthenticationCode1=phone.code(-1),
            AuthenticationCode2=phone.code(),
        )
        return phone

    return give
