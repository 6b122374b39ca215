import pytest
from tests.house import raises_aws

DOCUMENT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
TRUST = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
    '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}'
)


@pytest.fixture
def arn(house):
    """A policy used by a group, by two users (attached, bounding) and by a role (both)."""
    iam = house.iam
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_group(GroupName="Devs")
    iam.attach_group_policy(GroupName="Devs", PolicyArn=arn)
    iam.create_user(UserName="ann", Path="/eng/")
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    iam.create_user(UserName="bob", PermissionsBoundary=arn)
    iam.create_user(UserName="idle")
    iam.create_role(RoleName="Build", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=arn)
    iam.attach_role_policy(RoleName="Build", PolicyArn=arn)
    return arn


def found(answer):
    return (
        [group["GroupName"] for group in answer["PolicyGroups"]],
        [role["RoleName"] for role in answer["PolicyRoles"]],
        [user["UserName"] for user in answer["PolicyUsers"]],
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, (["Devs"], ["Build"], ["ann", "bob"])),
        ({"PolicyUsageFilter": "PermissionsPolicy"}, (["Devs"], ["Build"], ["ann"])),
        ({"PolicyUsageFilter": "PermissionsBoundary"}, ([], ["Build"], ["bob"])),
        ({"EntityFilter": "User"}, ([], [], ["ann", "bob"])),
        ({"EntityFilter": "Group"}, (["Devs"], [], [])),
        ({"EntityFilter": "Role"}, ([], ["Build"], [])),
        ({"EntityFilter": "LocalManagedPolicy"}, ([], [], [])),
        ({"EntityFilter": "AWSManagedPolicy"}, ([], [], [])),
        (
            {"EntityFilter": "User", "PolicyUsageFilter": "PermissionsBoundary"},
            ([], [], ["bob"]),
        ),
        ({"PathPrefix": "/eng/"}, ([], [], ["ann"])),
    ],
)
def test_filters_combine(house, arn, filters, expected):
    assert found(house.iam.list_entities_for_policy(PolicyArn=arn, **filters)) == expected


def test_entities_come_with_their_ids(house, arn):
    answer = house.iam.list_entities_for_policy(PolicyArn=arn)
    group = house.iam.get_group(GroupName="Devs")["Group"]
    assert answer["PolicyGroups"] == [{"GroupName": "Devs", "GroupId": group["GroupId"]}]
    assert answer["PolicyUsers"][0]["UserId"].startswith("AIDA")
    assert answer["PolicyRoles"][0]["RoleId"].startswith("AROA")


def test_entities_come_in_pages_across_the_kinds(house, arn):
    pages = house.iam.get_paginator("list_entities_for_policy").paginate(
        PolicyArn=arn, PaginationConfig={"PageSize": 3}
    )
    assert [found(page) for page in pages] == [
        (["Devs"], ["Build"], ["ann"]),
        ([], [], ["bob"]),
    ]


def test_a_policy_that_is_not_there_is_named(house):
    arn = "arn:aws:iam::aws:policy/NoSuch"
    with raises_aws("NoSuchEntity", f"Policy {arn} does not exist or is not attachable."):
        house.iam.list_entities_for_policy(PolicyArn=arn)


def test_counts_follow_every_change(house, arn):
    def counts():
        policy = house.iam.get_policy(PolicyArn=arn)["Policy"]
        return policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"]

    assert counts() == (3, 2)
    house.iam.detach_group_policy(GroupName="Devs", PolicyArn=arn)
    house.iam.delete_user_permissions_boundary(UserName="bob")
    assert counts() == (2, 1)
