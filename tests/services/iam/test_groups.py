import pytest
from tests.house import raises_aws

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'


def names(groups):
    return [group["GroupName"] for group in groups]


@pytest.fixture
def devs(house):
    house.iam.create_group(GroupName="Devs", Path="/eng/")
    return house.iam


def test_a_new_group_has_exactly_these_members(house):
    group = house.iam.create_group(GroupName="Devs", Path="/eng/")["Group"]
    assert group.pop("CreateDate")
    assert group.pop("GroupId").startswith("AGPA")
    arn = f"arn:aws:iam::{house.account_id}:group/eng/Devs"
    assert group == {"Path": "/eng/", "GroupName": "Devs", "Arn": arn}


def test_a_group_name_is_taken_whatever_its_case(devs):
    with raises_aws("EntityAlreadyExists", "Group with name DEVS already exists."):
        devs.create_group(GroupName="DEVS")


def test_groups_are_found_whatever_the_case(devs):
    assert devs.get_group(GroupName="DEVS")["Group"]["GroupName"] == "Devs"


def test_a_group_that_is_not_there_is_named(house):
    with raises_aws("NoSuchEntity", "The group with name nobody cannot be found."):
        house.iam.get_group(GroupName="nobody")


def test_groups_are_listed_by_name_under_a_path(devs):
    for name in ("beta", "Alpha", "gamma"):
        devs.create_group(GroupName=name, Path="/ops/")
    found = devs.list_groups(PathPrefix="/ops/")
    assert names(found["Groups"]) == ["Alpha", "beta", "gamma"]
    assert found["IsTruncated"] is False
    assert "Devs" in names(devs.list_groups()["Groups"])


def test_a_list_of_groups_comes_in_pages(devs):
    for name in ("b", "a", "c"):
        devs.create_group(GroupName=name, Path="/ops/")
    pages = devs.get_paginator("list_groups").paginate(
        PathPrefix="/ops/", PaginationConfig={"PageSize": 2}
    )
    assert [names(page["Groups"]) for page in pages] == [["a", "b"], ["c"]]


def test_the_users_of_a_group_come_in_pages_ordered_by_name(devs):
    for name in ("cy", "Ann", "bob"):
        devs.create_user(UserName=name)
        devs.add_user_to_group(GroupName="Devs", UserName=name)
    first = devs.get_group(GroupName="Devs", MaxItems=2)
    assert [user["UserName"] for user in first["Users"]] == ["Ann", "bob"]
    assert first["IsTruncated"] is True
    rest = devs.get_group(GroupName="Devs", Marker=first["Marker"])
    assert [user["UserName"] for user in rest["Users"]] == ["cy"]


def test_a_renamed_group_keeps_its_id_and_its_users(devs):
    before = devs.get_group(GroupName="Devs")["Group"]
    for name in ("ann", "bob"):
        devs.create_user(UserName=name)
        devs.add_user_to_group(GroupName="Devs", UserName=name)
    devs.update_group(GroupName="devs", NewGroupName="Makers", NewPath="/arts/")
    after = devs.get_group(GroupName="Makers")
    assert after["Group"]["GroupId"] == before["GroupId"]
    assert after["Group"]["Arn"].endswith(":group/arts/Makers")
    assert [user["UserName"] for user in after["Users"]] == ["ann", "bob"]
    assert names(devs.list_groups_for_user(UserName="ann")["Groups"]) == ["Makers"]
    with raises_aws("NoSuchEntity", "The group with name Devs cannot be found."):
        devs.get_group(GroupName="Devs")


def test_a_group_may_change_the_case_of_its_own_name(devs):
    devs.update_group(GroupName="Devs", NewGroupName="DEVS")
    group = devs.get_group(GroupName="devs")["Group"]
    assert (group["GroupName"], group["Path"]) == ("DEVS", "/eng/")


def test_a_group_cannot_take_the_name_of_another(devs):
    devs.create_group(GroupName="Ops")
    with raises_aws("EntityAlreadyExists", "Group with name ops already exists."):
        devs.update_group(GroupName="Devs", NewGroupName="ops")


def add_a_user(iam):
    iam.create_user(UserName="ann")
    iam.add_user_to_group(GroupName="Devs", UserName="ann")


def attach_a_policy(iam):
    iam.attach_group_policy(GroupName="Devs", PolicyArn=READ_ONLY)


def put_a_policy(iam):
    iam.put_group_policy(GroupName="Devs", PolicyName="p", PolicyDocument=ALLOW)


@pytest.mark.parametrize(
    ("hang", "first"),
    [
        (add_a_user, "remove users from group"),
        (attach_a_policy, "detach all policies"),
        (put_a_policy, "delete policies"),
    ],
)
def test_a_group_in_use_is_not_deleted(devs, hang, first):
    hang(devs)
    with raises_aws("DeleteConflict", f"Cannot delete entity, must {first} first."):
        devs.delete_group(GroupName="Devs")


def test_a_deleted_group_is_gone(devs):
    devs.delete_group(GroupName="DEVS")
    with raises_aws("NoSuchEntity", "The group with name Devs cannot be found."):
        devs.delete_group(GroupName="Devs")


def only(action, resource):
    return (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
        f'"Action":"{action}","Resource":"{resource}"}}}}'
    )


def as_user(house, name, document):
    house.iam.create_user(UserName=name)
    house.iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=document)
    return house.user_client(name)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"NewGroupName": "Devs2"}, True),
        ({"NewGroupName": "Makers"}, False),
        ({"NewPath": "/arts/"}, False),
        ({}, True),
    ],
)
def test_who_renames_a_group_needs_permission_on_both_names(house, devs, change, allowed):
    resource = f"arn:aws:iam::{house.account_id}:group/eng/Devs*"
    client = as_user(house, "ann", only("iam:UpdateGroup", resource))
    if allowed:
        client.update_group(GroupName="Devs", **change)
        return
    with raises_aws("AccessDenied"):
        client.update_group(GroupName="Devs", **change)
    assert devs.get_group(GroupName="Devs")["Group"]["Path"] == "/eng/"


def test_a_group_that_is_not_there_may_not_be_renamed_into_an_answer(house):
    with raises_aws("NoSuchEntity", "The group with name nobody cannot be found."):
        house.iam.update_group(GroupName="nobody", NewGroupName="somebody")
