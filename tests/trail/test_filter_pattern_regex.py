import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.trail import filter_pattern_regex
from doorward.trail.filter_pattern_fields import split
from doorward.trail.filter_pattern_regex import searcher

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "\\W", "[b-c]", "\\.", "[\\d_]"])
TIMES = st.sampled_from(["", "*", "+", "?", "{2}", "{1,}", "{0,2}"])
SEQUENCES = st.builds(
    lambda head, steps, tail: head + "".join(map("".join, steps)) + tail,
    st.sampled_from(["", "^"]),
    st.lists(st.tuples(ATOMS, TIMES), max_size=4),
    st.sampled_from(["", "$"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SEQUENCES, min_size=1, max_size=3).map("|".join), st.text("ab1. _c", max_size=8))
def test_it_finds_what_pythons_finds(expression, text):
    expected = re.search(expression.replace("$", r"\Z"), text, re.DOTALL | re.ASCII) is not None
    assert searcher(expression)(text) is expected


@pytest.mark.parametrize("expression", ["a*a*a*a*a*a*b", ".*.*.*.*.*.*x", ".{0,60}a.{0,60}b"])
def test_no_expression_makes_it_slow(expression):
    started = time.process_time()
    searcher(expression)("a" * 20_000)
    assert time.process_time() - started < 1


def test_what_is_remembered_has_one_bound_for_all_expressions(monkeypatch):
    monkeypatch.setattr(filter_pattern_regex, "MOST_REMEMBERED", 100)
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 200)))
    for number in range(5):
        assert searcher(f"[^a]+b{number}")(f"{text}b{number}")
    assert len(filter_pattern_regex._REMEMBERED) <= 100


def test_an_escaped_dollar_is_no_end():
    assert searcher("a\\$")("a$b")
    assert not searcher("a\\\\$")("a\\b")


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("", []),
        (' a  "b c" [d e] f ', ["a", "b c", "d e", "f"]),
        ('"a b', ['"a', "b"]),
        ("[ [ [", ["[", "[", "["]),
        ('a"b c', ['a"b', "c"]),
    ],
)
def test_a_message_is_cut_into_fields(message, fields):
    assert split(message) == fields


def test_brackets_that_nothing_closes_cost_no_time():
    started = time.process_time()
    assert split("[ " * 1000) == ["["] * 1000
    assert split("[ " * 1001) is None
    assert time.process_time() - started < 1
