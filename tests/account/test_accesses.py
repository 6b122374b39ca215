from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doorward.account.accesses import (
    Access,
    ServiceAccess,
    merged,
    minute_of,
    moment_of,
    packed,
    unpacked,
)

NOW = datetime(2026, 9, 11, 10, 30, 15, tzinfo=UTC)
MINUTES = st.integers(0, 50)
NAMES = st.sampled_from(["a", "b", "c"])
CALLS = st.dictionaries(NAMES, st.builds(Access, MINUTES, NAMES), max_size=3)
ACCESSES = st.dictionaries(NAMES, st.builds(ServiceAccess, MINUTES, NAMES, CALLS), max_size=3)


def test_a_moment_is_known_to_the_minute():
    assert moment_of(minute_of(NOW)) == NOW.replace(second=0)


def test_what_is_packed_comes_back():
    accesses = {"iam": ServiceAccess(7, "us-east-1", {"GetUser": Access(6, "us-east-1")})}
    assert unpacked(packed(accesses)) == accesses
    assert len(packed(accesses)) < 60


@given(ACCESSES, ACCESSES)
def test_the_later_wins_whichever_is_told_first(left, right):
    times = [
        {name: (one.minute, {call: each.minute for call, each in one.actions.items()})}
        for both in (merged(left, right), merged(right, left))
        for name, one in sorted(both.items())
    ]
    assert times[: len(times) // 2] == times[len(times) // 2 :]
    for name, one in merged(left, right).items():
        minutes = [each[name].minute for each in (left, right) if name in each]
        assert one.minute == max(minutes)


@given(ACCESSES, ACCESSES)
def test_telling_it_again_changes_nothing(left, right):
    once = merged(left, right)
    assert merged(once, right) == once


def test_in_the_same_minute_the_place_known_stays():
    known = {"iam": ServiceAccess(7, "us-east-1", {})}
    assert merged(known, {"iam": ServiceAccess(7, "eu-west-1", {})}) == known


def test_a_minute_is_sixty_seconds():
    assert moment_of(1) - moment_of(0) == timedelta(minutes=1)
