"""What patterns have in common, held against the matcher."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.analysis.validate.patterns import covers, of, overlap
from doorward.policy.match import glob

PATTERN = st.text("ab*?", max_size=5)
TEXT = st.text("ab", max_size=7)


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        ("a*", "*b", True),
        ("a*c", "ab", False),
        ("*", "", True),
        ("?", "", False),
        ("a?", "a*b", True),
        ("box/*", "box", False),
        ("a*b*", "*c*a", True),
        ("ab", "ab", True),
        ("ab", "b", False),
        ("??", "?", False),
    ],
)
def test_overlap(left, right, both):
    assert overlap(of(left), of(right)) is both
    assert overlap(of(right), of(left)) is both


@settings(max_examples=300, deadline=None)
@given(PATTERN, PATTERN, TEXT)
def test_a_text_that_both_match_is_an_overlap(left, right, text):
    if glob(of(left))(text) and glob(of(right))(text):
        assert overlap(of(left), of(right))


@settings(max_examples=200, deadline=None)
@given(st.text("ab*?", max_size=4), st.text("ab*?", max_size=4))
def test_an_overlap_has_a_text(left, right):
    if overlap(of(left), of(right)):
        texts = [""]
        for _ in range(8):
            texts += [text + char for text in texts if len(text) == len(texts[-1]) for char in "ab"]
        assert any(glob(of(left))(text) and glob(of(right))(text) for text in texts)


@settings(max_examples=300, deadline=None)
@given(PATTERN, PATTERN, TEXT)
def test_what_covers_matches_as_much(general, specific, text):
    if covers(general, specific) and glob(of(specific))(text):
        assert glob(of(general))(text)


@pytest.mark.parametrize(
    ("general", "specific", "holds"),
    [
        ("*", "anything", True),
        ("a", "a", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get*", "s3:G*", False),
        ("a?*", "a*", False),
        ("a?", "ab", False),
    ],
)
def test_covers(general, specific, holds):
    assert covers(general, specific) is holds
