"""An administrator may do everything to every user, and nothing to root's credentials."""

import pytest
from botocore.exceptions import ClientError
from tests.house import raises_aws
from tests.root import root_client, root_key
from tests.services.iam.phone import Phone

from doorward.catalog import models
from doorward.services.registry import operations

OURS = operations("iam")
# The one makes a user of that name, the other takes no device but a security key.
NOT_OF_A_USER = {"create_user", "get_mfa_device"}
BY_NAME = [
    model
    for model in models.service("iam").operations.values()
    if model.function_name in OURS
    and model.input
    and "UserName" in model.input.members
    and model.function_name not in NOT_OF_A_USER
]
GIVEN = {
    "AccessKeyId": None,
    "AuthenticationCode1": "123456",
    "AuthenticationCode2": "654321",
    "CertificateBody": "text",
    "CertificateId": "A" * 32,
    "Encoding": "SSH",
    "GroupName": "Administrators",
    "Password": "Correct-horse-1-battery",
    "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "PolicyDocument": '{"Version":"2012-10-17","Statement":[]}',
    "PolicyName": "p",
    "SSHPublicKeyBody": "text",
    "SSHPublicKeyId": "A" * 21,
    "SerialNumber": None,
    "ServiceName": "codecommit.amazonaws.com",
    "ServiceSpecificCredentialId": "A" * 21,
    "Status": "Inactive",
    "TagKeys": ["k"],
    "Tags": [{"Key": "k", "Value": "v"}],
}


def parameters(model, name, house, key_id):
    members = model.input.members
    given = {each: GIVEN[each] for each in model.input.required if each in GIVEN}
    if "AccessKeyId" in given:
        given["AccessKeyId"] = key_id
    if "SerialNumber" in given:
        given["SerialNumber"] = f"arn:aws:iam::{house.account_id}:mfa/root-account-mfa-device"
    assert "UserName" in members
    return given | {"UserName": name}


@pytest.mark.parametrize("model", BY_NAME, ids=lambda model: model.name)
def test_no_name_leads_to_root(house, model):
    key_id = root_key(house)
    before = house.house.accounts.get(house.account_id).account.profile
    for name in ("root", house.account_id, before.email):
        with pytest.raises(ClientError) as caught:
            getattr(house.iam, model.function_name)(**parameters(model, name, house, key_id))
        assert caught.value.response["Error"]["Code"] == "NoSuchEntity", name
    assert house.house.accounts.get(house.account_id).account.profile == before


def test_the_serial_of_its_device_does_not_lead_to_root_either(house):
    root = root_client(house)
    phone = Phone.new(house, "of-root", client=root)
    root.enable_mfa_device(UserName=house.account_id, SerialNumber=phone.serial, **phone.pair())
    held = house.house.accounts.get(house.account_id).account.mfa_devices_of(house.account_id)
    for code, call in (
        ("NoSuchEntity", lambda: phone.resync("admin", offset=4)),
        (
            "NoSuchEntity",
            lambda: house.iam.deactivate_mfa_device(UserName="admin", SerialNumber=phone.serial),
        ),
        ("EntityAlreadyExists", lambda: phone.enable("admin", offset=4)),
        (
            "DeleteConflict",
            lambda: house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial),
        ),
    ):
        with raises_aws(code):
            call()
    account = house.house.accounts.get(house.account_id).account
    assert account.mfa_devices_of(house.account_id) == held


@pytest.mark.parametrize("call", ["update_access_key", "delete_access_key"])
def test_without_a_name_an_administrator_has_its_own_keys_alone(house, call):
    status = {"Status": "Inactive"} if call == "update_access_key" else {}
    with raises_aws("NoSuchEntity"):
        getattr(house.iam, call)(AccessKeyId=root_key(house), **status)
    assert root_client(house, number=1).list_access_keys()["AccessKeyMetadata"]
