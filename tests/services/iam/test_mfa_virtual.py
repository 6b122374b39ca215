from base64 import b32decode
from dataclasses import replace
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp
from botocore.exceptions import ClientError, ParamValidationError
from PIL import Image
from tests.house import raises_aws
from tests.services.iam.phone import Phone, at_the_start_of_a_step

from doorward.app.writer import Written

PNG = b"\x89PNG\r\n\x1a\n"


def read_qr(picture):
    """What an app sees; by another library than the one that drew it."""
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return found.text


@pytest.fixture(autouse=True)
def _time(house):
    at_the_start_of_a_step(house)


def test_a_device_is_made_and_its_seed_told(house):
    made = house.iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    assert set(made) == {"SerialNumber", "Base32StringSeed", "QRCodePNG"}
    assert made["SerialNumber"] == f"arn:aws:iam::{house.account_id}:mfa/phone"
    assert len(made["Base32StringSeed"]) == 64
    assert len(b32decode(made["Base32StringSeed"])) == 40
    assert made["QRCodePNG"].startswith(PNG)


def test_the_path_is_part_of_the_serial_number(house):
    first = Phone.new(house, Path="/a/b/")
    assert first.serial == f"arn:aws:iam::{house.account_id}:mfa/a/b/phone"
    assert Phone.new(house).serial != first.serial


@pytest.mark.practice("S000-11")
def test_the_picture_is_read_by_an_app(house):
    house.iam.create_account_alias(AccountAlias="example-corp")
    made = house.iam.create_virtual_mfa_device(VirtualMFADeviceName="ann=x+y,z")
    device = made["VirtualMFADevice"]
    uri = urlsplit(read_qr(device["QRCodePNG"]))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Doorward:ann=x+y,z@example-corp"
    assert parse_qs(uri.query) == {
        "secret": [device["Base32StringSeed"].decode()],
        "issuer": ["Doorward"],
    }


def test_the_longest_name_still_has_its_picture(house):
    room = 256 - len(f"arn:aws:iam::{house.account_id}:mfa/")
    made = house.iam.create_virtual_mfa_device(VirtualMFADeviceName="=" * room)
    assert "=" * room in unquote(read_qr(made["VirtualMFADevice"]["QRCodePNG"]))
    phone = Phone(
        house,
        made["VirtualMFADevice"]["SerialNumber"],
        made["VirtualMFADevice"]["Base32StringSeed"].decode(),
    )
    phone.enable("admin")
    said = (
        "1 validation error detected: Value at 'virtualMFADeviceName' failed to satisfy"
        f" constraint: Member must have length less than or equal to {room}"
    )
    with raises_aws("ValidationError", said):
        house.iam.create_virtual_mfa_device(VirtualMFADeviceName="=" * (room + 1))
    with raises_aws("ValidationError"):
        house.iam.create_virtual_mfa_device(VirtualMFADeviceName="x" * 100_000)


def test_a_name_is_taken(house):
    Phone.new(house)
    with raises_aws("EntityAlreadyExists", "MFA device already exists.") as caught:
        Phone.new(house)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


@pytest.mark.parametrize("name", ["a b", "a/b", "", "ä"])
def test_a_name_that_is_none(house, name):
    with pytest.raises(
        (ClientError, ParamValidationError), match=r"ValidationError|Invalid length"
    ):
        house.iam.create_virtual_mfa_device(VirtualMFADeviceName=name)


def test_an_assigned_device_is_not_deleted(house):
    phone = Phone.new(house).enable("admin")
    with raises_aws("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.") as caught:
        house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_device_is_deleted_once(house):
    phone = Phone.new(house)
    house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    with raises_aws("NoSuchEntity") as caught:
        house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_lists_say_of_an_unassigned_device_its_number_alone(house):
    phone = Phone.new(house, Tags=[{"Key": "k", "Value": "v"}])
    for status in ("Any", "Unassigned"):
        answer = house.iam.list_virtual_mfa_devices(AssignmentStatus=status)
        assert answer["VirtualMFADevices"] == [{"SerialNumber": phone.serial}]
        assert answer["IsTruncated"] is False
    assert (
        house.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"] == []
    )


def test_lists_say_of_an_assigned_device_whose_it_is(house):
    Phone.new(house, "spare")
    phone = Phone.new(house, Tags=[{"Key": "k", "Value": "v"}]).enable("admin")
    (listed,) = house.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert set(listed) == {"SerialNumber", "User", "EnableDate"}
    assert set(listed["User"]) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}
    assert (listed["SerialNumber"], listed["User"]["UserName"]) == (phone.serial, "admin")
    (spare,) = house.iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")[
        "VirtualMFADevices"
    ]
    assert spare["SerialNumber"].endswith("spare")


def test_devices_are_listed_page_by_page(house):
    for name in ("b", "a", "c"):
        Phone.new(house, name)
    pages = house.iam.get_paginator("list_virtual_mfa_devices").paginate(
        PaginationConfig={"PageSize": 2}
    )
    found = [each["SerialNumber"][-1] for page in pages for each in page["VirtualMFADevices"]]
    assert found == ["a", "b", "c"]


def test_there_are_as_many_devices_as_there_may_be_users(house):
    def one_user(live):
        profile = replace(live.account.profile, quotas=(("UsersQuota", 1),))
        return Written(replace(live, account=live.account.put(profile)), None, ())

    house.run(house.house.writer.write(house.account_id, one_user))
    Phone.new(house, "a")
    with raises_aws("LimitExceeded", "Cannot exceed quota for VirtualMFADevicesPerAccount: 1"):
        Phone.new(house, "b")


# --- Tags -----------------------------------------------------------------------------------------


def test_keys_that_differ_in_case_are_two_tags(house):
    made = house.iam.create_virtual_mfa_device(
        VirtualMFADeviceName="t", Tags=[{"Key": "Team", "Value": "One"}]
    )["VirtualMFADevice"]
    serial = made["SerialNumber"]
    assert made["Tags"] == [{"Key": "Team", "Value": "One"}]
    house.iam.tag_mfa_device(SerialNumber=serial, Tags=[{"Key": "team", "Value": "Two"}])
    house.iam.untag_mfa_device(SerialNumber=serial, TagKeys=["TEAM"])
    assert house.iam.list_mfa_device_tags(SerialNumber=serial)["Tags"] == [
        {"Key": "Team", "Value": "One"},
        {"Key": "team", "Value": "Two"},
    ]
    house.iam.untag_mfa_device(SerialNumber=serial, TagKeys=["Team"])
    answer = house.iam.list_mfa_device_tags(SerialNumber=serial)
    assert answer["Tags"] == [{"Key": "team", "Value": "Two"}]
    assert answer["IsTruncated"] is False


def test_only_virtual_devices_have_tags(house):
    calls = {
        "tag_mfa_device": {"Tags": [{"Key": "k", "Value": "v"}]},
        "untag_mfa_device": {"TagKeys": ["k"]},
        "list_mfa_device_tags": {},
    }
    for name, params in calls.items():
        with raises_aws("NoSuchEntity"):
            getattr(house.iam, name)(SerialNumber="GAHT12345678", **params)


def test_tags_decide(house):
    document = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:DeleteVirtualMFADevice"'
        ',"Resource":"arn:aws:iam::*:mfa/*","Condition":{"StringEquals":{"aws:ResourceTag/own":'
        '"${aws:username}"}}}}'
    )
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=document)
    ann = house.user_client("ann")
    mine = Phone.new(house, "mine", Tags=[{"Key": "own", "Value": "ann"}])
    other = Phone.new(house, "other", Tags=[{"Key": "own", "Value": "bob"}])
    with raises_aws("AccessDenied"):
        ann.delete_virtual_mfa_device(SerialNumber=other.serial)
    ann.delete_virtual_mfa_device(SerialNumber=mine.serial)
