import json

import pytest
from tests.house import raises_aws


def allow(action, resource):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_new_user_is_shown_in_full(house):
    user = house.iam.create_user(
        UserName="Ann", Path="/team/", Tags=[{"Key": "team", "Value": "blue"}]
    )["User"]
    assert user["Arn"] == f"arn:aws:iam::{house.account_id}:user/team/Ann"
    assert user["UserId"].startswith("AIDA")
    assert len(user["UserId"]) == 21
    assert user["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert "PermissionsBoundary" not in user


def test_a_name_is_taken_whatever_its_case(house):
    house.iam.create_user(UserName="Ann")
    with raises_aws("EntityAlreadyExists", "User with name ANN already exists."):
        house.iam.create_user(UserName="ANN")


def test_a_user_is_found_whatever_the_case_of_the_name(house):
    house.iam.create_user(UserName="Ann")
    assert house.iam.get_user(UserName="ann")["User"]["UserName"] == "Ann"


def test_without_a_name_the_caller_is_meant(house):
    assert house.iam.get_user()["User"]["UserName"] == "admin"


def test_a_user_who_is_not_there(house):
    with raises_aws("NoSuchEntity", "The user with name bob cannot be found."):
        house.iam.get_user(UserName="bob")


@pytest.mark.parametrize("name", ["x" * 64, "a+=,.@-_Z9"])
def test_names_that_are_allowed(house, name):
    assert house.iam.create_user(UserName=name)["User"]["UserName"] == name


@pytest.mark.parametrize("path", ["//", "/team", "team/", "/a b/", "/é/", "/a\n/"])
def test_paths_that_are_no_paths(house, path):
    with raises_aws("ValidationError"):
        house.iam.create_user(UserName="ann", Path=path)


def test_users_are_listed_by_name_and_path(house):
    for name, path in (("bob", "/team/"), ("Ann", "/team/"), ("carl", "/other/")):
        house.iam.create_user(UserName=name, Path=path)
    listed = house.iam.list_users(PathPrefix="/team/")
    assert [user["UserName"] for user in listed["Users"]] == ["Ann", "bob"]
    assert listed["IsTruncated"] is False


def test_lists_show_neither_tags_nor_boundary(house):
    house.iam.create_user(UserName="ann", Tags=[{"Key": "a", "Value": "b"}])
    ann = next(user for user in house.iam.list_users()["Users"] if user["UserName"] == "ann")
    assert set(ann) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}


def test_pages_end_exactly(house):
    for number in range(3):
        house.iam.create_user(UserName=f"user-{number}")
    pages = list(house.iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2}))
    assert [page["IsTruncated"] for page in pages] == [True, False]
    assert sum(len(page["Users"]) for page in pages) == 4


def test_a_renamed_user_stays_the_same_user(house):
    before = house.iam.create_user(UserName="ann")["User"]
    client = house.user_client("ann", "sts")
    house.iam.update_user(UserName="ann", NewUserName="Anna", NewPath="/team/")
    after = house.iam.get_user(UserName="anna")["User"]
    assert after["UserId"] == before["UserId"]
    assert after["Arn"].endswith(":user/team/Anna")
    assert client.get_caller_identity()["Arn"].endswith(":user/team/Anna")


def test_only_the_case_of_a_name_may_change(house):
    house.iam.create_user(UserName="ann")
    house.iam.update_user(UserName="ann", NewUserName="ANN")
    assert house.iam.get_user(UserName="ann")["User"]["UserName"] == "ANN"


def test_a_name_that_is_taken_cannot_be_moved_to(house):
    house.iam.create_user(UserName="ann")
    with raises_aws("EntityAlreadyExists", "User with name ADMIN already exists."):
        house.iam.update_user(UserName="ann", NewUserName="ADMIN")


def test_a_rename_is_asked_about_the_new_name_too(house):
    house.iam.create_user(UserName="ann")
    house.iam.create_user(UserName="clerk")
    house.iam.put_user_policy(
        UserName="clerk",
        PolicyName="p",
        PolicyDocument=allow("iam:UpdateUser", "arn:aws:iam::*:user/ann"),
    )
    clerk = house.user_client("clerk")
    with raises_aws("AccessDenied") as caught:
        clerk.update_user(UserName="ann", NewUserName="boss")
    assert ":user/boss" in str(caught.value)
    house.iam.put_user_policy(
        UserName="clerk",
        PolicyName="p",
        PolicyDocument=allow("iam:UpdateUser", "arn:aws:iam::*:user/*"),
    )
    clerk.update_user(UserName="ann", NewUserName="boss", NewPath="/x/")
    assert house.iam.get_user(UserName="boss")["User"]["Path"] == "/x/"


def test_permission_follows_the_path(house):
    house.iam.create_user(UserName="ann", Path="/a/")
    house.iam.create_user(UserName="clerk")
    house.iam.put_user_policy(
        UserName="clerk",
        PolicyName="p",
        PolicyDocument=allow("iam:GetUser", "arn:aws:iam::*:user/a/*"),
    )
    clerk = house.user_client("clerk")
    assert clerk.get_user(UserName="ANN")["User"]["UserName"] == "ann"
    house.iam.update_user(UserName="ann", NewPath="/b/")
    with raises_aws("AccessDenied"):
        clerk.get_user(UserName="ann")


def holding_key(iam):
    iam.create_access_key(UserName="ann")


def holding_policy(iam):
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=allow("*", "*"))


def holding_attachment(iam):
    iam.attach_user_policy(UserName="ann", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


def holding_group(iam):
    iam.add_user_to_group(UserName="ann", GroupName="Administrators")


@pytest.mark.parametrize(
    ("hold", "first"),
    [
        (holding_key, "delete access keys"),
        (holding_policy, "delete policies"),
        (holding_attachment, "detach all policies"),
        (holding_group, "remove users from group"),
    ],
)
def test_what_hangs_on_a_user_keeps_it(house, hold, first):
    house.iam.create_user(UserName="ann")
    hold(house.iam)
    with raises_aws("DeleteConflict", f"Cannot delete entity, must {first} first."):
        house.iam.delete_user(UserName="ann")


def test_a_deleted_user_is_gone_and_its_name_free(house):
    first = house.iam.create_user(UserName="ann")["User"]
    house.iam.delete_user(UserName="ANN")
    second = house.iam.create_user(UserName="ann")["User"]
    assert second["UserId"] != first["UserId"]


def test_the_quota_of_users(house):
    live = house.house.accounts.get(house.account_id)
    from dataclasses import replace

    profile = replace(live.account.profile, quotas=(("UsersQuota", 1),))
    house.house.accounts.publish(replace(live, account=live.account.put(profile).settled()))
    with raises_aws("LimitExceeded", "Cannot exceed quota for UsersPerAccount: 1"):
        house.iam.create_user(UserName="ann")


def test_tags_of_a_user(house):
    house.iam.create_user(UserName="ann", Tags=[{"Key": "Team", "Value": "One"}])
    house.iam.tag_user(
        UserName="ann", Tags=[{"Key": "team", "Value": "Two"}, {"Key": "b", "Value": ""}]
    )
    assert house.iam.list_user_tags(UserName="ann")["Tags"] == [
        {"Key": "b", "Value": ""},
        {"Key": "team", "Value": "Two"},
    ]
    house.iam.untag_user(UserName="ann", TagKeys=["TEAM", "aws:nothing"])
    assert house.iam.list_user_tags(UserName="ann")["Tags"] == [{"Key": "b", "Value": ""}]
