"""What a message counts as: metric filters held against it, and the points that come of it."""

from collections.abc import Iterable
from typing import NamedTuple

from doorward.account.alarms import MetricName
from doorward.account.log_groups import MetricFilter
from doorward.trail.alarms import Points, joined, sample_of
from doorward.trail.filter_pattern import LogLine, filter_pattern, number_in, value_in

MOST_SERIES = 1000


class Observation(NamedTuple):
    """One number for one series; a default one counts only where nothing else was counted."""

    metric: MetricName
    value: float
    is_default: bool


Counts = dict[MetricName, Points]


def observation(held: MetricFilter, line: LogLine) -> Observation | None:
    """What a message counts as by one filter; None when it does not count."""
    made = held.transformation
    matched = filter_pattern(held.pattern).matched(line)
    plain = MetricName(held.region, made.namespace, made.metric)
    if matched is None:
        return None if made.default is None else Observation(plain, made.default, is_default=True)
    value = number_in(line, matched, made.value)
    named = [(name, value_in(line, matched, selector)) for name, selector in made.dimensions]
    if value is None:
        return None
    dimensions = tuple((name, found) for name, found in named if found is not None)
    if len(dimensions) < len(named):
        # AWS: without one of its dimensions nothing is counted.
        return None
    return Observation(plain._replace(dimensions=dimensions), value, is_default=False)


def add(counts: Counts, seen: Observation, minute: int) -> None:
    """Count one observation; beyond the most series, new ones are not begun."""
    points = counts.get(seen.metric)
    if points is None:
        if len(counts) >= MOST_SERIES:
            return
        points = counts[seen.metric] = {}
    if seen.is_default and minute in points:
        return
    points[minute] = joined(points.get(minute), sample_of(seen.value))


def filters_of(
    filters: Iterable[MetricFilter], group: str, region: str | None = None
) -> list[MetricFilter]:
    """The filters of a log group, in one region or in all."""
    return [each for each in filters if each.group == group and region in {None, each.region}]
