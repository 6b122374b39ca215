import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.trail.alarms import (
    Sample,
    Threshold,
    joined,
    judged,
    merged,
    minute_of,
    sample_of,
)
from doorward.trail.alarms_built_in import BUILT_IN, ROOT_ACTIVITY, SWITCHED, chosen
from doorward.trail.filter_pattern import ROOT_PATTERN, filter_pattern

NOW = datetime(2026, 9, 11, 10, 0, 30, tzinfo=UTC)


def a_threshold(**more):
    return Threshold(
        **{
            "statistic": "Sum",
            "period_s": 60,
            "periods": 3,
            "datapoints": 3,
            "order": "GreaterThanOrEqualToThreshold",
            "value": 1,
        }
        | more
    )


def points_of(row, now=NOW):
    """`X` breaches, `0` does not, `-` is missing; the newest stands last."""
    last = minute_of(now)
    values = {"X": 5, "0": 0}
    return {
        last - len(row) + 1 + index: sample_of(values[mark])
        for index, mark in enumerate(row)
        if mark in values
    }


@pytest.mark.parametrize(
    ("row", "datapoints", "missing", "states"),
    [
        # states: of missing, ignore, breaching, notBreaching; K keeps the one before
        ("XXX", 3, None, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("0XX", 3, None, ("OK", "OK", "OK", "OK")),
        ("0XX", 2, None, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("---", 3, None, ("INSUFFICIENT_DATA", "K", "ALARM", "OK")),
        ("-X-", 3, None, ("ALARM", "K", "ALARM", "OK")),
        ("-0-", 3, None, ("OK", "K", "OK", "OK")),
        ("0--", 2, None, ("OK", "K", "ALARM", "OK")),
        ("XX-", 2, None, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("X0-", 3, None, ("OK", "K", "OK", "OK")),
    ],
)
@pytest.mark.parametrize("before", ["OK", "ALARM"])
def test_missing_data(row, datapoints, missing, states, before):
    del missing
    for treatment, state in zip(
        ("missing", "ignore", "breaching", "notBreaching"), states, strict=True
    ):
        threshold = a_threshold(datapoints=datapoints, missing=treatment)
        verdict = judged(threshold, points_of(row), NOW, before)
        assert verdict.state == (before if state == "K" else state), treatment


@pytest.mark.parametrize(
    ("order", "states"),
    [
        ("GreaterThanOrEqualToThreshold", ["OK", "ALARM", "ALARM"]),
        ("GreaterThanThreshold", ["OK", "OK", "ALARM"]),
        ("LessThanThreshold", ["ALARM", "OK", "OK"]),
        ("LessThanOrEqualToThreshold", ["ALARM", "ALARM", "OK"]),
    ],
)
def test_orders(order, states):
    threshold = a_threshold(order=order, periods=1, datapoints=1)
    last = minute_of(NOW)
    found = [judged(threshold, {last: sample_of(each)}, NOW, "OK").state for each in (0, 1, 2)]
    assert found == states


@pytest.mark.parametrize(
    ("statistic", "value"),
    [("SampleCount", 3), ("Sum", 9), ("Average", 3), ("Minimum", 1), ("Maximum", 5)],
)
def test_statistics(statistic, value):
    sample = joined(joined(sample_of(1), sample_of(3)), sample_of(5))
    threshold = a_threshold(statistic=statistic, periods=1, datapoints=1)
    verdict = judged(threshold, {minute_of(NOW): sample}, NOW, "OK")
    assert json.loads(verdict.data)["recentDatapoints"] == [value]


def test_a_long_period_sums_its_minutes_up_and_slides():
    last = minute_of(NOW)
    points = {last - each: sample_of(1) for each in range(10)}
    threshold = a_threshold(period_s=300, periods=2, datapoints=2, value=5)
    assert judged(threshold, points, NOW, "OK").state == "ALARM"
    later = NOW + timedelta(minutes=1)
    assert judged(threshold, points, later, "OK").state == "OK"


def test_why_is_said():
    threshold = a_threshold(periods=1, datapoints=1, missing="notBreaching")
    assert judged(threshold, points_of("X"), NOW, "OK").reason == (
        "Threshold Crossed: 1 datapoint out of the last 1 [5] was greater than or equal to"
        " the threshold (1)."
    )
    assert judged(threshold, points_of("0"), NOW, "OK").reason.endswith(
        "[0] was not greater than or equal to the threshold (1)."
    )
    assert judged(threshold, {}, NOW, "OK").reason == (
        "Threshold Crossed: no datapoints were received for 1 period, which are treated as"
        " notBreaching."
    )
    absent = judged(a_threshold(), {}, NOW, "OK").reason
    assert absent == "Insufficient Data: no datapoints were received for 3 periods."


SAMPLES = st.builds(sample_of, st.integers(-5, 5))
POINTS = st.dictionaries(st.integers(0, 3), SAMPLES)


@given(POINTS, POINTS)
def test_points_merge_in_any_order(first, second):
    assert merged(first, second) == merged(second, first)
    assert merged(first, {}) == first


@given(st.lists(st.integers(-5, 5), min_size=1))
def test_a_sample_is_that_of_all_its_numbers(numbers):
    found = None
    for number in numbers:
        found = joined(found, sample_of(number))
    assert found == Sample(len(numbers), sum(numbers), min(numbers), max(numbers))


def test_a_sum_stays_finite():
    large = sample_of(1.7e308)
    assert joined(large, large).total == pytest.approx(1.797e308, rel=1e-3)
    assert joined(sample_of(-1.7e308), sample_of(-1.7e308)).total < 0


def test_every_built_in_pattern_is_of_the_language():
    assert all(filter_pattern(each.pattern) for each in BUILT_IN)
    [root] = chosen([], root_activity=True)
    assert (root.name, root.pattern) == (ROOT_ACTIVITY, ROOT_PATTERN)
    assert [each.name for each in chosen(SWITCHED, root_activity=False)] == list(SWITCHED)
