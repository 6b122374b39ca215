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
def ann(house):
    """A user with a password, who may do everything to herself."""
    house.iam.create_user(UserName="ann")
    house.iam.create_login_profile(UserName="ann", Password=PASSWORD)
    return PASSWORD


@pytest.fixture
def allow(house):
    """Let a user do some actions on anything."""

    def give(user, *actions):
        statement = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
        house.iam.put_user_policy(
            UserName=user,
            PolicyName="allowed",
            PolicyDocument=__import__("json").dumps(
                {"Version": "2012-10-17", "Statement": statement}
            ),
        )

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
