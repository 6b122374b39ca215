from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.conformance import A, B, a_record

from doorward.store.records import WIDEST_MS, disjoint, ranges, stored, value_hash

SPANS = st.lists(st.tuples(st.integers(-20, 40), st.integers(0, 12)))


def extent(records, name, value, account=A):
    wanted = value_hash(account, name, value)
    return [(first, last) for each, first, last in ranges(records) if each == wanted]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("EventName", "CreateUser", [(3, 9)]),
        ("EventName", "GetUser", [(5, 5)]),
        ("ReadOnly", "false", [(3, 9)]),
        ("ReadOnly", "true", [(5, 5)]),
        ("Username", "", [(5, 5)]),
        ("ResourceType", "AWS::IAM::User", [(3, 9)]),
        ("ResourceName", "bob", [(3, 7)]),
        ("ResourceName", "eve", [(9, 9)]),
        ("EventId", "e1", []),
        ("RequestId", "r1", []),
    ],
)
def test_a_range_is_from_the_first_to_the_last_time_of_a_value(name, value, wanted):
    records = [
        a_record(7),
        a_record(9, resources=(("AWS::IAM::User", "eve"),)),
        a_record(5, event_name="GetUser", username="", read_only=True, resources=()),
        a_record(3),
        a_record(1, account=B),
    ]
    assert extent(records, name, value) == wanted


def test_a_late_record_makes_no_wide_range():
    late, rest = 5 * WIDEST_MS - 1, 5 * WIDEST_MS
    found = extent([a_record(rest), a_record(-1), a_record(late)], "Username", "ann")
    assert sorted(found) == [(-1, -1), (late, late), (rest, rest)]


def test_a_value_belongs_to_its_account_and_attribute():
    hashes = {value_hash(*each) for each in ((A, "x", "y"), (B, "x", "y"), (A, "y", "x"))}
    assert len(hashes) == 3
    assert all(-(2**63) <= each < 2**63 for each in hashes)


def test_plain_records_are_not_made_anew():
    plain, other = a_record(), a_record(username="é" * 300)
    assert stored([plain])[0] is plain
    first, second = stored([plain, other])
    assert first is plain
    assert second.username == "é" * 256


@given(SPANS)
def test_disjoint_spans_cover_the_same_times_newest_first(pairs):
    given_spans = sorted([(at, at + length) for at, length in pairs], key=lambda span: -span[1])
    spans = list(disjoint(given_spans))
    covered = [at for low, high in spans for at in range(high, low - 1, -1)]
    assert covered == sorted(
        {at for low, high in given_spans for at in range(low, high + 1)}, reverse=True
    )


def test_a_span_comes_before_all_ranges_are_read():
    endless = ((at, at + 5) for at in count(1000, -1))
    spans = disjoint(endless)
    assert [next(spans), next(spans)] == [(1005, 1005), (1004, 1004)]
