"""Thresholds on metrics: what was counted by minute, and the state an alarm is in because of it.

Source: CloudWatch guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing
data". Windows end with the minute that runs, so that a threshold is crossed when it is, and not a
period later.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt
from sys import float_info
from typing import NamedTuple

MINUTE_S = 60
OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
ORDERS: Mapping[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (ge, "greater than or equal to"),
    "GreaterThanThreshold": (gt, "greater than"),
    "LessThanThreshold": (lt, "less than"),
    "LessThanOrEqualToThreshold": (le, "less than or equal to"),
}


class Sample(NamedTuple):
    """The numbers of one span of time, summed up."""

    number: float
    total: float
    least: float
    most: float


Points = dict[int, Sample]
"""Samples by the minute, counted from the epoch."""

STATISTICS: Mapping[str, Callable[[Sample], float]] = {
    "SampleCount": lambda sample: sample.number,
    "Sum": lambda sample: sample.total,
    "Average": lambda sample: sample.total / sample.number,
    "Minimum": lambda sample: sample.least,
    "Maximum": lambda sample: sample.most,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """When a metric is too high or too low.

    Attributes:
        statistic: A name of `STATISTICS`.
        period_s: How long one datapoint is.
        periods: How many datapoints are looked at.
        datapoints: How many of them must breach.
        order: A name of `ORDERS`.
        missing: breaching, notBreaching, ignore or missing.
    """

    statistic: str
    period_s: int
    periods: int
    datapoints: int
    order: str
    value: float
    missing: str = "missing"

    @property
    def window_min(self) -> int:
        """How many minutes matter."""
        return _minutes(self.period_s) * self.periods


class Verdict(NamedTuple):
    """The state an alarm is in, why, and the datapoints as JSON."""

    state: str
    reason: str
    data: str


def sample_of(value: float) -> Sample:
    """One number, which is finite."""
    return Sample(1, value, value, value)


def joined(first: Sample | None, second: Sample) -> Sample:
    """Two samples as one."""
    if first is None:
        return second
    return Sample(
        first.number + second.number,
        _finite(first.total + second.total),
        min(first.least, second.least),
        max(first.most, second.most),
    )


def _finite(total: float) -> float:
    # INVARIANT: JSON has no infinity, so a sum that is too large would not come back.
    return max(-float_info.max, min(float_info.max, total))


def merged(first: Points, second: Points) -> Points:
    """The points of both."""
    return first | {minute: joined(first.get(minute), each) for minute, each in second.items()}


def minute_of(at: datetime) -> int:
    """The minute of a time."""
    return int(at.timestamp()) // MINUTE_S


def judged(threshold: Threshold, points: Points, now: datetime, state: str) -> Verdict:
    """The state an alarm is in now; `state` is the one it was in."""
    datapoints = _datapoints(threshold, points, now)
    present = [each for each in datapoints if each is not None]
    crosses, _ = ORDERS[threshold.order]
    breaching = sum(crosses(each, threshold.value) for each in present)
    new = _state(threshold, breaching, len(present), state)
    return Verdict(
        new, _reason(threshold, new, present, breaching), _data(threshold, datapoints, now)
    )


def _state(threshold: Threshold, breaching: int, present: int, state: str) -> str:
    absent = threshold.periods - present
    if threshold.missing == "breaching":
        breaching += absent
    if breaching >= threshold.datapoints:
        return ALARM
    if threshold.missing in {"breaching", "notBreaching"} or not absent:
        return OK
    if not present:
        return INSUFFICIENT if threshold.missing == "missing" else state
    if threshold.missing == "ignore":
        return state
    # AWS: of what is there, everything breaches.
    return ALARM if breaching == present else OK


def _datapoints(threshold: Threshold, points: Points, now: datetime) -> list[float | None]:
    """The datapoints looked at, newest first; None where nothing was counted."""
    width = _minutes(threshold.period_s)
    end = minute_of(now) + 1
    starts = (end - width * (index + 1) for index in range(threshold.periods))
    return [_datapoint(threshold, points, start, width) for start in starts]


def _datapoint(threshold: Threshold, points: Points, start: int, width: int) -> float | None:
    found: Sample | None = None
    for minute in _within(points, start, width):
        found = joined(found, points[minute])
    return None if found is None or not found.number else STATISTICS[threshold.statistic](found)


def _within(points: Points, start: int, width: int) -> list[int]:
    # SPEED: a day's window has 1,440 minutes, and most metrics have points in a few.
    if len(points) < width:
        return [minute for minute in points if start <= minute < start + width]
    return [minute for minute in range(start, start + width) if minute in points]


def _minutes(period_s: int) -> int:
    return max(1, period_s // MINUTE_S)


def _reason(threshold: Threshold, state: str, present: list[float], breaching: int) -> str:
    if not present:
        how = "" if threshold.missing in {"missing", "ignore"} else f" as {threshold.missing}"
        treated = f", which are treated{how}" if how else ""
        count = f"no datapoints were received for {_counted(threshold.periods, 'period')}{treated}"
        return f"Threshold Crossed: {count}." if how else f"Insufficient Data: {count}."
    _, words = ORDERS[threshold.order]
    one = len(present) == 1
    verb = ("was" if one else "were") + ("" if breaching or state == ALARM else " not")
    shown = ", ".join(str(each) for each in present[:5])
    return (
        f"Threshold Crossed: {_counted(breaching or len(present), 'datapoint')}"
        f" out of the last {len(present)} [{shown}] {verb} {words} the threshold"
        f" ({threshold.value})."
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _data(threshold: Threshold, datapoints: list[float | None], now: datetime) -> str:
    start = now - timedelta(minutes=threshold.window_min - 1)
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": _stamp(now),
            "startDate": _stamp(start.replace(second=0, microsecond=0)),
            "statistic": threshold.statistic,
            "period": threshold.period_s,
            "recentDatapoints": [each for each in reversed(datapoints) if each is not None],
            "threshold": threshold.value,
        }
    )


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000"
