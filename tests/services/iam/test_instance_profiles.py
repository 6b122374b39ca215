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
TAGS = [{"Key": "Team", "Value": "one"}, {"Key": "Area", "Value": "two"}]
ROLE_MEMBERS = {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}


@pytest.fixture
def iam(house):
    house.iam.create_instance_profile(InstanceProfileName="Web", Path="/a/", Tags=TAGS)
    for name in ("first", "second"):
        house.iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=TRUST, Description="x", Path="/a/"
        )
    return house.iam


def add(iam, role="first"):
    iam.add_role_to_instance_profile(InstanceProfileName="Web", RoleName=role)


def remove(iam, role="first"):
    iam.remove_role_from_instance_profile(InstanceProfileName="Web", RoleName=role)


def get(iam, name="Web"):
    return iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]


def test_a_new_profile_is_empty(house):
    made = house.iam.create_instance_profile(InstanceProfileName="Web", Path="/a/", Tags=TAGS)
    profile = made["InstanceProfile"]
    assert profile["InstanceProfileId"].startswith("AIPA")
    assert profile["Arn"] == f"arn:aws:iam::{house.account_id}:instance-profile/a/Web"
    assert (profile["Roles"], profile["Tags"]) == ([], TAGS)


def test_the_role_inside_has_neither_description_nor_duration(iam):
    add(iam)
    [role] = get(iam, "WEB")["Roles"]
    assert role.keys() == ROLE_MEMBERS


def test_there_is_room_for_one_role(iam):
    add(iam)
    message = "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"
    for role in ("first", "second"):
        with raises_aws("LimitExceeded", message):
            add(iam, role)


def test_only_the_role_inside_can_be_taken_out(iam):
    with raises_aws("NoSuchEntity"):
        remove(iam)
    add(iam)
    with raises_aws("NoSuchEntity"):
        remove(iam, "second")
    remove(iam, "FIRST")
    assert get(iam)["Roles"] == []


def test_a_profile_with_a_role_stays(iam):
    add(iam)
    conflict = "Cannot delete entity, must remove roles from instance profile first."
    with raises_aws("DeleteConflict", conflict):
        iam.delete_instance_profile(InstanceProfileName="Web")
    remove(iam)
    iam.delete_instance_profile(InstanceProfileName="web")
    with raises_aws("NoSuchEntity", "Instance Profile Web cannot be found."):
        get(iam)


def test_names_are_taken_whatever_their_case(iam):
    with raises_aws("EntityAlreadyExists", "Instance Profile WEB already exists."):
        iam.create_instance_profile(InstanceProfileName="WEB")


def test_lists_have_no_tags_and_honour_paths_and_roles(iam):
    iam.create_instance_profile(InstanceProfileName="Batch", Path="/b/")
    add(iam)
    listed = iam.list_instance_profiles()["InstanceProfiles"]
    assert [each["InstanceProfileName"] for each in listed] == ["Batch", "Web"]
    assert all("Tags" not in each for each in listed)
    [under] = iam.list_instance_profiles(PathPrefix="/b/")["InstanceProfiles"]
    assert under["InstanceProfileName"] == "Batch"
    [of_role] = iam.list_instance_profiles_for_role(RoleName="first")["InstanceProfiles"]
    assert of_role["InstanceProfileName"] == "Web"
    assert iam.list_instance_profiles_for_role(RoleName="second")["InstanceProfiles"] == []


def test_pages(iam):
    iam.create_instance_profile(InstanceProfileName="Batch")
    pages = iam.get_paginator("list_instance_profiles").paginate(PaginationConfig={"PageSize": 1})
    assert [len(page["InstanceProfiles"]) for page in pages] == [1, 1]


def test_tag_keys_that_differ_in_case_are_two_tags(iam):
    iam.tag_instance_profile(InstanceProfileName="Web", Tags=[{"Key": "TEAM", "Value": "3"}])
    iam.untag_instance_profile(InstanceProfileName="Web", TagKeys=["Team", "tEAM"])
    tags = iam.list_instance_profile_tags(InstanceProfileName="Web")["Tags"]
    assert [tag["Key"] for tag in tags] == ["Area", "TEAM"]


def test_a_role_that_is_not_there(iam):
    with raises_aws("NoSuchEntity", "The role with name nobody cannot be found."):
        add(iam, "nobody")


def grant(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **condition):
    more = {"Condition": {"StringEquals": condition["when"]}} if condition else {}
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


@pytest.mark.parametrize(
    ("second", "allowed"),
    [
        (allow("s3:*"), False),
        (allow("iam:PassRole"), True),
        (allow("iam:PassRole", "arn:aws:iam::*:role/a/first"), True),
        (allow("iam:PassRole", "arn:aws:iam::*:role/a/second"), False),
        (allow("iam:PassRole", when={"iam:PassedToService": "ec2.amazonaws.com"}), True),
        (allow("iam:PassRole", when={"iam:PassedToService": "lambda.amazonaws.com"}), False),
    ],
)
def test_handing_a_role_over_needs_pass_role(house, iam, second, allowed):
    iam.create_user(UserName="ann")
    policy = grant(allow("iam:AddRoleToInstanceProfile"), second)
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    ann = house.user_client("ann")
    if allowed:
        add(ann)
    else:
        with raises_aws("AccessDenied"):
            add(ann)
    assert bool(get(iam)["Roles"]) is allowed
