from datetime import UTC, datetime

import pytest

from doorward.account import metric_counts
from doorward.account.alarms import MetricName
from doorward.account.log_groups import TRAIL_GROUP, MetricFilter, Transformation
from doorward.account.metric_counts import add, filters_of, observation
from doorward.trail.alarms import Sample
from doorward.trail.filter_pattern import LogLine

NOW = datetime(2026, 9, 11, tzinfo=UTC)
METRIC = MetricName("us-east-1", "N", "M")


def a_filter(region="us-east-1", group=TRAIL_GROUP, **count):
    made = {"namespace": "N", "metric": "M", "value": "1"} | count
    return MetricFilter(
        region=region,
        group=group,
        name="f",
        pattern="{ $.a EXISTS }",
        created=NOW,
        transformation=Transformation(**made),
    )


@pytest.mark.parametrize(
    ("text", "count", "seen"),
    [
        ('{"a": 5}', {}, (METRIC, 1, False)),
        ('{"a": 5}', {"value": "$.a"}, (METRIC, 5, False)),
        ('{"a": "x"}', {"value": "$.a"}, None),
        ('{"b": 5}', {}, None),
        ('{"b": 5}', {"default": 0.0}, (METRIC, 0, True)),
        (
            '{"a": 5, "b": "x"}',
            {"dimensions": (("D", "$.b"),)},
            (METRIC._replace(dimensions=(("D", "x"),)), 1, False),
        ),
        ('{"a": 5}', {"dimensions": (("D", "$.b"),)}, None),
    ],
)
def test_what_a_message_counts_as(text, count, seen):
    assert observation(a_filter(**count), LogLine(text)) == seen


def test_a_default_counts_where_nothing_else_does():
    counts = {}
    plain, default = a_filter(), a_filter(default=0.0)
    for text, held in (('{"b": 1}', default), ('{"a": 1}', plain), ('{"b": 1}', default)):
        add(counts, observation(held, LogLine(text)), 7)
    assert counts == {METRIC: {7: Sample(2, 1, 0, 1)}}


def test_series_have_an_end(monkeypatch):
    monkeypatch.setattr(metric_counts, "MOST_SERIES", 1)
    counts = {}
    for name in ("x", "y"):
        held = a_filter(dimensions=(("D", "$.a"),))
        add(counts, observation(held, LogLine(f'{{"a": "{name}"}}')), 1)
    assert [each.dimensions for each in counts] == [(("D", "x"),)]


def test_filters_of_a_group():
    here, there, other = a_filter(), a_filter(region="eu-west-1"), a_filter(group="app")
    assert filters_of([here, there, other], TRAIL_GROUP) == [here, there]
    assert filters_of([here, there, other], TRAIL_GROUP, "eu-west-1") == [there]
