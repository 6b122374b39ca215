import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.policy.match import Wild, glob, joined, units, wildcards


def matches(pattern, text):
    return glob(joined(wildcards(pattern)))(text)


@pytest.mark.parametrize(
    ("pattern", "text", "result"),
    [
        ("", "", True),
        ("", "a", False),
        ("abc", "abc", True),
        ("a*", "abc", True),
        ("*c", "abc", True),
        ("a*c", "ac", True),
        ("a*a", "a", False),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("***", "x", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("?*?", "ab", True),
        ("?*?", "a", False),
        ("*b?d*", "abcde", True),
    ],
)
def test_wildcards(pattern, text, result):
    assert matches(pattern, text) is result


@given(st.text("ab*?", max_size=8), st.text("ab:\n", max_size=10))
def test_globs_mean_what_the_regular_expression_means(pattern, text):
    parts = (".*" if char == "*" else "." if char == "?" else char for char in pattern)
    wanted = re.fullmatch("".join(parts), text, re.DOTALL) is not None
    assert matches(pattern, text) is wanted


@given(st.lists(st.sampled_from([*Wild, "a", ":"]), max_size=6), st.text("ab:", max_size=8))
def test_the_four_wildcards_mean_what_the_regular_expression_means(tokens, text):
    spelled = {Wild.ANY: ".*", Wild.ONE: ".", Wild.ANY_INSIDE: "[^:]*", Wild.ONE_INSIDE: "[^:]"}
    wanted = re.fullmatch("".join(spelled.get(token, token) for token in tokens), text)
    assert glob(joined(tokens))(text) is (wanted is not None)


@pytest.mark.parametrize(
    "pattern", ["*a" * 500 + "b", "?a*" * 400 + "b", "*" * 3000 + "b", "a?" * 1500 + "b*c"]
)
def test_hostile_patterns_come_to_an_end(pattern):
    assert not matches(pattern, "a" * 5000)


def test_units_split_what_lies_beyond_the_basic_plane():
    assert units("a\U00010400") == "a\ud801\udc00"
    assert units("é") == "é"
    assert units("\ud800x\U00010400") == "\ud800x\ud801\udc00"
