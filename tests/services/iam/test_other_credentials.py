import json

import pytest
from tests.house import raises_aws

LISTS = {
    "list_mfa_devices": "MFADevices",
    "list_ssh_public_keys": "SSHPublicKeys",
    "list_signing_certificates": "Certificates",
    "list_service_specific_credentials": "ServiceSpecificCredentials",
}


@pytest.mark.parametrize(("call", "member"), LISTS.items())
def test_a_new_user_has_none(house, call, member):
    for whose in ({"UserName": "ADMIN"}, {}):
        answer = getattr(house.iam, call)(**whose)
        assert answer[member] == []
        assert answer["IsTruncated"] is False


@pytest.mark.parametrize("call", LISTS)
def test_nobody_has_none(house, call):
    with raises_aws("NoSuchEntity", "The user with name bob cannot be found."):
        getattr(house.iam, call)(UserName="bob")


@pytest.mark.parametrize("call", LISTS)
def test_a_marker_made_up(house, call):
    with raises_aws("ValidationError", "Invalid Marker."):
        getattr(house.iam, call)(UserName="admin", Marker="made-up")


def test_the_credentials_of_all_users(house):
    answer = house.iam.list_service_specific_credentials(AllUsers=True)
    assert answer["ServiceSpecificCredentials"] == []


def test_the_virtual_devices_of_the_account(house):
    for status in ("Any", "Assigned", "Unassigned"):
        answer = house.iam.list_virtual_mfa_devices(AssignmentStatus=status)
        assert answer["VirtualMFADevices"] == []
    with raises_aws("ValidationError", "Invalid Marker."):
        house.iam.list_virtual_mfa_devices(Marker="made-up")


@pytest.mark.parametrize("call", LISTS)
def test_a_role_has_no_user_to_mean(house, call):
    trust = {"Effect": "Allow", "Principal": {"AWS": house.account_id}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    role = house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]
    house.iam.attach_role_policy(
        RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    session = house.sts.assume_role(RoleArn=role["Arn"], RoleSessionName="work")["Credentials"]
    with raises_aws(
        "ValidationError", "Must specify userName when calling with non-User credentials"
    ):
        getattr(house.client_of(session), call)()
