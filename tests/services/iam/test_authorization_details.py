import json

import pytest
from tests.house import raises_aws

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)
GRANT = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SECTIONS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


@pytest.fixture
def iam(house):
    iam = house.iam
    own = iam.create_policy(PolicyName="Own", PolicyDocument=GRANT, Description="mine")
    arn = own["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=GRANT, SetAsDefault=True)
    iam.create_group(GroupName="Dev")
    iam.put_group_policy(GroupName="Dev", PolicyName="inline", PolicyDocument=GRANT)
    iam.create_user(UserName="ann", PermissionsBoundary=arn, Tags=[{"Key": "a", "Value": "b"}])
    iam.add_user_to_group(UserName="ann", GroupName="Dev")
    iam.put_user_policy(UserName="ann", PolicyName="inline", PolicyDocument=GRANT)
    iam.create_role(RoleName="Web", AssumeRolePolicyDocument=TRUST, Description="hidden")
    iam.attach_role_policy(RoleName="Web", PolicyArn=READ_ONLY)
    iam.attach_role_policy(RoleName="Web", PolicyArn=arn)
    iam.put_role_policy(RoleName="Web", PolicyName="inline", PolicyDocument=GRANT)
    iam.create_instance_profile(InstanceProfileName="Web")
    iam.add_role_to_instance_profile(InstanceProfileName="Web", RoleName="Web")
    return iam


def details(iam, *wanted):
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=list(wanted), PaginationConfig={"PageSize": 1}
    )
    found = {section: [] for section in SECTIONS}
    for page in pages:
        for section in SECTIONS:
            found[section] += page[section]
    return found


def one(listed, **where):
    [found] = [each for each in listed if where.items() <= each.items()]
    return found


def test_a_user_with_all_that_grants_and_limits(house, iam):
    ann = one(details(iam)["UserDetailList"], UserName="ann")
    assert ann["GroupList"] == ["Dev"]
    assert ann["AttachedManagedPolicies"] == []
    assert ann["UserPolicyList"][0]["PolicyDocument"] == json.loads(GRANT)
    boundary = f"arn:aws:iam::{house.account_id}:policy/Own"
    assert ann["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert ann["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_user_without_inline_policies_has_no_list_of_them(iam):
    assert "UserPolicyList" not in one(details(iam)["UserDetailList"], UserName="admin")


def test_a_group(iam):
    group = one(details(iam)["GroupDetailList"], GroupName="Dev")
    assert group.keys() == {
        "Path",
        "GroupName",
        "GroupId",
        "Arn",
        "CreateDate",
        "GroupPolicyList",
        "AttachedManagedPolicies",
    }


def test_a_role_with_its_instance_profile(iam):
    [role] = details(iam)["RoleDetailList"]
    assert "Description" not in role
    assert role["RoleLastUsed"] == {}
    assert role["Tags"] == []
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"
    assert [policy["PolicyName"] for policy in role["AttachedManagedPolicies"]] == [
        "ReadOnlyAccess",
        "Own",
    ]
    [profile] = role["InstanceProfileList"]
    assert profile["Roles"][0]["RoleName"] == "Web"


def test_policies_own_and_attached_ones_of_aws(iam):
    policies = details(iam)["Policies"]
    assert {policy["PolicyName"] for policy in policies} == {
        "Own",
        "ReadOnlyAccess",
        "AdministratorAccess",
    }
    own = one(policies, PolicyName="Own")
    assert (own["AttachmentCount"], own["PermissionsBoundaryUsageCount"]) == (1, 1)
    assert [version["VersionId"] for version in own["PolicyVersionList"]] == ["v2", "v1"]
    assert own["PolicyVersionList"][0]["Document"] == json.loads(GRANT)
    assert [version["IsDefaultVersion"] for version in own["PolicyVersionList"]] == [True, False]
    aws = one(policies, PolicyName="ReadOnlyAccess")
    assert aws["PolicyVersionList"][0]["VersionId"] == aws["DefaultVersionId"]


@pytest.mark.parametrize(
    ("wanted", "sections"),
    [
        (["User"], {"UserDetailList"}),
        (["Group"], {"GroupDetailList"}),
        (["Role", "User"], {"RoleDetailList", "UserDetailList"}),
        (["AWSManagedPolicy"], {"Policies"}),
    ],
)
def test_a_filter_leaves_the_other_lists_empty(iam, wanted, sections):
    found = details(iam, *wanted)
    assert {section for section in SECTIONS if found[section]} == sections


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("LocalManagedPolicy", {"Own"}),
        ("AWSManagedPolicy", {"ReadOnlyAccess", "AdministratorAccess"}),
    ],
)
def test_own_policies_and_those_of_aws_are_two_filters(iam, wanted, names):
    assert {policy["PolicyName"] for policy in details(iam, wanted)["Policies"]} == names


def test_pages_go_across_the_sections_and_miss_nothing(iam):
    whole = iam.get_account_authorization_details()
    assert {section: whole[section] for section in SECTIONS} == details(iam)
    assert "Marker" not in whole


def test_a_marker_belongs_to_its_filter(iam):
    marker = iam.get_account_authorization_details(MaxItems=1)["Marker"]
    with raises_aws("ValidationError", "Marker and Filter do not match"):
        iam.get_account_authorization_details(Marker=marker, Filter=["User"])
    with raises_aws("ValidationError", "Marker and Filter do not match"):
        iam.get_account_authorization_details(Marker="made-up")
