import pytest
from tests.house import raises_aws


@pytest.fixture
def five(house):
    for name in "abcde":
        house.iam.create_group(GroupName=name)
    return house


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7])
def test_pages_hold_everything_once(five, size):
    pages = five.iam.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": size})
    names = [group["GroupName"] for page in pages for group in page["Groups"]]
    assert names == ["a", "Administrators", "b", "c", "d", "e"]


def test_the_last_full_page_says_it_is_the_last(five):
    answer = five.iam.list_groups(MaxItems=6)
    assert answer["IsTruncated"] is False
    assert "Marker" not in answer


def test_a_marker_goes_on_with_another_page_size(five):
    first = five.iam.list_groups(MaxItems=2)
    rest = five.iam.list_groups(MaxItems=100, Marker=first["Marker"])
    assert [group["GroupName"] for group in rest["Groups"]] == ["b", "c", "d", "e"]


def test_what_is_deleted_between_two_pages_moves_nothing(five):
    first = five.iam.list_groups(MaxItems=3)
    five.iam.delete_group(GroupName="b")
    rest = five.iam.list_groups(Marker=first["Marker"])
    assert [group["GroupName"] for group in rest["Groups"]] == ["c", "d", "e"]


@pytest.mark.parametrize("marker", ["made-up", "AAAA", "é"])
def test_a_marker_made_up(five, marker):
    with raises_aws("ValidationError"):
        five.iam.list_groups(Marker=marker)


def test_a_marker_of_another_operation(five):
    first = five.iam.list_groups(MaxItems=1)
    with raises_aws("ValidationError", "Invalid Marker."):
        five.iam.list_users(Marker=first["Marker"])
