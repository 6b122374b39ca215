import pytest
from tests.house import raises_aws


@pytest.fixture
def iam(house):
    house.iam.create_group(GroupName="Devs")
    house.iam.create_user(UserName="ann")
    return house.iam


def groups_of(iam, name):
    return [group["GroupName"] for group in iam.list_groups_for_user(UserName=name)["Groups"]]


def test_a_user_joins_a_group_once(iam):
    iam.add_user_to_group(GroupName="DEVS", UserName="ANN")
    iam.add_user_to_group(GroupName="Devs", UserName="ann")
    assert groups_of(iam, "ann") == ["Devs"]


def test_a_users_groups_are_ordered_by_name_and_come_in_pages(iam):
    for name in ("b", "C", "a"):
        iam.create_group(GroupName=name)
        iam.add_user_to_group(GroupName=name, UserName="ann")
    first = iam.list_groups_for_user(UserName="ann", MaxItems=2)
    assert [group["GroupName"] for group in first["Groups"]] == ["a", "b"]
    rest = iam.list_groups_for_user(UserName="ann", Marker=first["Marker"])
    assert [group["GroupName"] for group in rest["Groups"]] == ["C"]


def test_a_user_leaves_a_group(iam):
    iam.add_user_to_group(GroupName="Devs", UserName="ann")
    iam.remove_user_from_group(GroupName="devs", UserName="ANN")
    assert groups_of(iam, "ann") == []


def test_leaving_a_group_one_is_not_in_is_no_error(iam):
    iam.remove_user_from_group(GroupName="Devs", UserName="ann")
    assert groups_of(iam, "ann") == []


@pytest.mark.parametrize("call", ["add_user_to_group", "remove_user_from_group"])
@pytest.mark.parametrize(
    ("group", "user", "message"),
    [
        ("none", "ann", "The group with name none cannot be found."),
        ("Devs", "nobody", "The user with name nobody cannot be found."),
        ("none", "nobody", "The user with name nobody cannot be found."),
    ],
)
def test_both_must_be_there(iam, call, group, user, message):
    with raises_aws("NoSuchEntity", message):
        getattr(iam, call)(GroupName=group, UserName=user)


@pytest.mark.rule("10/groups")
def test_a_user_is_in_ten_groups_at_most(iam):
    for number in range(10):
        iam.create_group(GroupName=f"g{number}")
        iam.add_user_to_group(GroupName=f"g{number}", UserName="ann")
    with raises_aws("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10"):
        iam.add_user_to_group(GroupName="Devs", UserName="ann")
    iam.add_user_to_group(GroupName="g0", UserName="ann")
