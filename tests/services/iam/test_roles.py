import json
from datetime import UTC, datetime

import pytest
from tests.house import raises_aws

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Action": ["sts:AssumeRole"],
            "Effect": "Allow",
            "Principal": {"Service": ["ec2.amazonaws.com"]},
        }
    ],
}
NORMAL = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
BASE = {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}
GRANT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'


def create(iam, name="Deploy", **more):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **more)[
        "Role"
    ]


def names(iam, **filters):
    pages = iam.get_paginator("list_roles").paginate(**filters)
    return [role["RoleName"] for page in pages for role in page["Roles"]]


def test_create_echoes_the_document_and_leaves_description_and_duration_out(house):
    made = create(
        house.iam,
        Path="/team/",
        Description="deploys",
        MaxSessionDuration=7200,
        PermissionsBoundary=READ_ONLY,
        Tags=[{"Key": "Team", "Value": "a"}],
    )
    assert made.keys() == BASE | {"PermissionsBoundary", "Tags"}
    assert made["Arn"] == f"arn:aws:iam::{house.account_id}:role/team/Deploy"
    assert made["RoleId"].startswith("AROA")
    assert made["AssumeRolePolicyDocument"] == TRUST
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY
    assert made["Tags"] == [{"Key": "Team", "Value": "a"}]


def test_create_without_boundary_and_tags_has_no_such_members(house):
    assert create(house.iam).keys() == BASE


def test_get_gives_everything_with_the_trust_policy_normalised(house):
    create(house.iam, Description="deploys", Tags=[{"Key": "Team", "Value": "a"}])
    found = house.iam.get_role(RoleName="DEPLOY")["Role"]
    assert found.keys() == BASE | {"Description", "MaxSessionDuration", "Tags", "RoleLastUsed"}
    assert found["AssumeRolePolicyDocument"] == NORMAL
    assert list(found["AssumeRolePolicyDocument"]["Statement"][0]) == [
        "Effect",
        "Principal",
        "Action",
    ]
    assert (found["Description"], found["MaxSessionDuration"]) == ("deploys", 3600)
    assert found["RoleLastUsed"] == {}


def test_list_has_no_tags_boundary_or_last_use(house):
    create(house.iam, PermissionsBoundary=READ_ONLY, Tags=[{"Key": "Team", "Value": "a"}])
    [role] = house.iam.list_roles()["Roles"]
    assert role.keys() == BASE | {"MaxSessionDuration"}


def test_list_is_ordered_paged_and_under_a_path(house):
    for name, path in (("b", "/x/"), ("A", "/x/"), ("c", "/y/")):
        create(house.iam, name, Path=path)
    assert names(house.iam, PaginationConfig={"PageSize": 1}) == ["A", "b", "c"]
    assert names(house.iam, PathPrefix="/x/") == ["A", "b"]


@pytest.mark.parametrize("name", ["Deploy", "DEPLOY"])
def test_a_name_is_taken_whatever_its_case(house, name):
    create(house.iam)
    with raises_aws("EntityAlreadyExists", f"Role with name {name} already exists."):
        create(house.iam, name)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/aws-service-role/x/", "InvalidInput"), ("/aws-reserved/sso/", "AccessDenied")],
)
def test_paths_of_aws_are_refused(house, path, code):
    with raises_aws(code):
        create(house.iam, Path=path)


def test_a_boundary_must_exist(house):
    with raises_aws("NoSuchEntity"):
        create(house.iam, PermissionsBoundary="arn:aws:iam::aws:policy/NoSuchPolicy")


def test_update_changes_only_what_is_given(house):
    create(house.iam, Description="deploys")
    house.iam.update_role(RoleName="Deploy")
    house.iam.update_role(RoleName="Deploy", MaxSessionDuration=43200)
    found = house.iam.get_role(RoleName="Deploy")["Role"]
    assert (found["Description"], found["MaxSessionDuration"]) == ("deploys", 43200)
    house.iam.update_role(RoleName="Deploy", Description="")
    assert "Description" not in house.iam.get_role(RoleName="Deploy")["Role"]


def test_a_refused_update_leaves_the_description_too(house):
    create(house.iam, Description="deploys")
    with raises_aws("ValidationError"):
        house.iam.update_role(RoleName="Deploy", Description="new", MaxSessionDuration=43201)
    assert house.iam.get_role(RoleName="Deploy")["Role"]["Description"] == "deploys"


def test_update_role_description_answers_with_the_description_alone(house):
    create(house.iam, PermissionsBoundary=READ_ONLY)
    role = house.iam.update_role_description(RoleName="deploy", Description="new")["Role"]
    assert role.keys() == BASE | {"Description"}
    assert role["Description"] == "new"


def test_update_assume_role_policy_replaces_the_trust_policy(house):
    create(house.iam)
    trust = json.dumps(TRUST).replace("ec2.", "lambda.")
    house.iam.update_assume_role_policy(RoleName="Deploy", PolicyDocument=trust)
    document = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]
    assert document["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_a_refused_trust_policy_changes_nothing(house):
    create(house.iam)
    with raises_aws("MalformedPolicyDocument"):
        house.iam.update_assume_role_policy(RoleName="Deploy", PolicyDocument="{}")
    found = house.iam.get_role(RoleName="Deploy")["Role"]
    assert found["AssumeRolePolicyDocument"] == NORMAL


def test_delete_names_what_is_in_the_way(house):
    iam = house.iam
    create(iam)
    iam.attach_role_policy(RoleName="Deploy", PolicyArn=READ_ONLY)
    iam.put_role_policy(RoleName="Deploy", PolicyName="own", PolicyDocument=GRANT)
    iam.create_instance_profile(InstanceProfileName="Deploy")
    iam.add_role_to_instance_profile(InstanceProfileName="Deploy", RoleName="Deploy")
    conflict = "Cannot delete entity, must {} first.".format
    with raises_aws("DeleteConflict", conflict("remove roles from instance profile")):
        iam.delete_role(RoleName="Deploy")
    iam.remove_role_from_instance_profile(InstanceProfileName="Deploy", RoleName="Deploy")
    with raises_aws("DeleteConflict", conflict("detach all policies")):
        iam.delete_role(RoleName="Deploy")
    iam.detach_role_policy(RoleName="Deploy", PolicyArn=READ_ONLY)
    with raises_aws("DeleteConflict", conflict("delete policies")):
        iam.delete_role(RoleName="Deploy")
    iam.delete_role_policy(RoleName="Deploy", PolicyName="own")
    iam.delete_role(RoleName="Deploy")
    with raises_aws("NoSuchEntity", "The role with name Deploy cannot be found."):
        iam.get_role(RoleName="Deploy")


def test_tag_keys_are_one_whatever_their_case(house):
    create(house.iam, Tags=[{"Key": "Team", "Value": "One"}])
    house.iam.tag_role(RoleName="Deploy", Tags=[{"Key": "team", "Value": "Two"}])
    assert house.iam.list_role_tags(RoleName="Deploy")["Tags"] == [{"Key": "team", "Value": "Two"}]
    house.iam.untag_role(RoleName="Deploy", TagKeys=["TEAM"])
    assert house.iam.list_role_tags(RoleName="Deploy")["Tags"] == []


def test_tags_come_in_pages_ordered_by_key(house):
    create(house.iam, Tags=[{"Key": key, "Value": ""} for key in "cab"])
    pages = house.iam.get_paginator("list_role_tags").paginate(
        RoleName="Deploy", PaginationConfig={"PageSize": 2}
    )
    assert [[tag["Key"] for tag in page["Tags"]] for page in pages] == [["a", "b"], ["c"]]


def test_the_last_use_of_a_role_is_shown(house):
    trust = {"Effect": "Allow", "Principal": {"AWS": house.account_id}, "Action": "sts:AssumeRole"}
    house.iam.create_role(
        RoleName="Deploy",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )
    arn = house.iam.get_role(RoleName="Deploy")["Role"]["Arn"]
    session = house.sts.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    house.client_of(session, "sts").get_caller_identity()
    used = house.iam.get_role(RoleName="Deploy")["Role"]["RoleLastUsed"]
    assert used["Region"] == "us-east-1"
    assert used["LastUsedDate"] <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_role", {}),
        ("update_role", {"Description": "x"}),
        ("update_role_description", {"Description": "x"}),
        ("update_assume_role_policy", {"PolicyDocument": json.dumps(TRUST)}),
        ("delete_role", {}),
    ],
)
def test_a_policy_may_limit_to_roles_with_a_boundary(house, operation, more):
    create(house.iam, "bounded", PermissionsBoundary=READ_ONLY)
    create(house.iam, "free")
    house.iam.create_user(UserName="ann")
    grant = {
        "Effect": "Allow",
        "Action": "iam:*",
        "Resource": "*",
        "Condition": {"ArnEquals": {"iam:PermissionsBoundary": READ_ONLY}},
    }
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": grant}),
    )
    call = getattr(house.user_client("ann"), operation)
    call(RoleName="bounded", **more)
    with raises_aws("AccessDenied"):
        call(RoleName="free", **more)
