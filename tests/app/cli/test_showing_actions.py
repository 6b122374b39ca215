from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.app.cli.showing_actions import condensed
from doorward.catalog.actions import actions_of

EVERY = ["x:GetA", "x:GetB", "x:GetterA", "x:List", "x:ListA", "x:PutAB", "x:PutAC", "x:put_c"]


@pytest.mark.parametrize(
    ("chosen", "patterns"),
    [
        (EVERY, ["x:*"]),
        ([], []),
        (["x:GetA"], ["x:GetA"]),
        (["x:GetA", "x:GetB"], ["x:GetA", "x:GetB"]),
        (["x:GetA", "x:GetB", "x:GetterA"], ["x:Get*"]),
        (["x:List"], ["x:List"]),
        (["x:List", "x:ListA"], ["x:List*"]),
        (["x:PutAB", "x:PutAC"], ["x:PutAB", "x:PutAC"]),
        (["x:PutAB", "x:PutAC", "x:put_c"], ["x:Put*"]),
        (["x:put_c"], ["x:put_c"]),
        (["x:GetA", "x:Unheard"], ["x:GetA", "x:Unheard"]),
    ],
)
def test_patterns_say_what_was_chosen(chosen, patterns):
    assert condensed(chosen, EVERY) == patterns


def test_a_service_aws_does_not_have_keeps_its_names():
    assert condensed(["own:B", "own:A"], []) == ["own:A", "own:B"]


def matching(patterns, names):
    return {
        name
        for name in names
        if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
    }


@pytest.mark.parametrize("service", ["s3", "iam", "kms", "execute-api"])
@given(data=st.data())
def test_patterns_match_exactly_what_was_chosen(service, data):
    names = actions_of(service)
    chosen = data.draw(st.sets(st.sampled_from(names)))
    left_out = data.draw(st.booleans())
    chosen = set(names) - chosen if left_out else chosen
    assert matching(condensed(chosen, names), names) == chosen
