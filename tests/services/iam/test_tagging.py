import re

import pytest

from doorward.account.tags import Tag
from doorward.services.iam.errors import InvalidInput, LimitExceeded
from doorward.services.iam.tagging import retagged, tagged, untagged


def wire(*pairs):
    return [{"Key": key, "Value": value} for key, value in pairs]


def test_of_users_and_roles_a_key_is_one_whatever_its_case():
    assert tagged((Tag("Team", "1"),), wire(("team", "2"))) == (Tag("team", "2"),)


def test_of_everything_else_case_makes_two():
    tags = tagged((Tag("Team", "1"),), wire(("team", "2"), ("TEAM", "3")), case_matters=True)
    assert tags == (Tag("Team", "1"), Tag("team", "2"), Tag("TEAM", "3"))


@pytest.mark.parametrize("key", ["aws:x", "AWS:x", "aWs:"])
def test_reserved_keys(key):
    with pytest.raises(InvalidInput, match="reserved for system use"):
        tagged((), wire((key, "v")))


def test_a_reserved_word_may_be_a_value():
    assert tagged((), wire(("k", "aws:x"))) == (Tag("k", "aws:x"),)


@pytest.mark.parametrize(
    ("case_matters", "keys", "message"),
    [
        (
            False,
            ("a", "A"),
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (True, ("a", "a"), "Duplicate tag keys found."),
    ],
)
def test_duplicates(case_matters, keys, message):
    with pytest.raises(InvalidInput, match=f"^{re.escape(message)}$"):
        tagged((), wire(*((key, "v") for key in keys)), case_matters=case_matters)


def test_fifty_tags_and_no_more():
    fifty = tagged((), wire(*((f"k{number}", "") for number in range(50))))
    assert len(fifty) == 50
    assert len(tagged(fifty, wire(("k7", "again")))) == 50
    with pytest.raises(
        LimitExceeded, match=r"^The number of tags has reached the maximum limit\.$"
    ):
        tagged(fifty, wire(("one-more", "")))


def test_to_tag_with_nothing_is_refused():
    with pytest.raises(InvalidInput):
        retagged((), [])


def test_untagging_what_is_not_there_is_no_error():
    tags = (Tag("a", "1"), Tag("B", "2"))
    assert untagged(tags, ["b", "c"]) == (Tag("a", "1"),)
    assert untagged(tags, ["b", "c"], case_matters=True) == tags
    assert untagged(tags, ["B"], case_matters=True) == (Tag("a", "1"),)
