"""Metric alarms of CloudWatch, their history, and the metrics counted for an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from doorward.account.tags import Tag
from doorward.trail.alarms import Points, Threshold

MOST_HISTORY = 100

Dimensions = tuple[tuple[str, str], ...]


class MetricName(NamedTuple):
    """One series of numbers."""

    region: str
    namespace: str
    name: str
    dimensions: Dimensions = ()


class AlarmState(NamedTuple):
    """OK, ALARM or INSUFFICIENT_DATA, since when, and why."""

    value: str
    reason: str
    data: str
    updated: datetime
    moved: datetime


class Actions(NamedTuple):
    """The topics told of a change to each state."""

    alarm: tuple[str, ...] = ()
    ok: tuple[str, ...] = ()
    insufficient: tuple[str, ...] = ()


NO_ACTIONS = Actions()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAlarm:
    """An alarm on one metric."""

    metric: MetricName
    name: str
    configured: datetime
    threshold: Threshold
    state: AlarmState
    description: str | None = None
    enabled: bool = True
    actions: Actions = NO_ACTIONS
    unit: str | None = None
    datapoints_given: bool = False
    tags: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """Region and name, whose case counts."""
        return f"{self.metric.region}/{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"alarm:{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """An alarm is found by its name alone."""
        return ()


class HistoryItem(NamedTuple):
    """Something that happened to an alarm; `data` is JSON."""

    at: datetime
    kind: str
    summary: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmHistory:
    """What happened to an alarm, newest first; it outlives the alarm."""

    region: str
    name: str
    items: tuple[HistoryItem, ...] = ()

    @property
    def key(self) -> str:
        """The alarm's."""
        return f"{self.region}/{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the alarm's ARN."""
        return f"alarm:{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A history is found by the alarm's name alone."""
        return ()

    def with_item(self, item: HistoryItem) -> "AlarmHistory":
        """The same with one more, and the oldest forgotten."""
        return AlarmHistory(
            region=self.region, name=self.name, items=(item, *self.items)[:MOST_HISTORY]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricPoints:
    """What the messages of the account's own log groups counted up to, by minute."""

    metric: MetricName
    points: Points

    @property
    def key(self) -> str:
        """The names, with what none of them holds between them."""
        return series_key(self.metric)

    @property
    def resource(self) -> str:
        """A metric has no ARN; its name."""
        return f"metric/{self.metric.namespace}/{self.metric.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A metric is found by its names alone."""
        return ()


def series_key(metric: MetricName) -> str:
    """One text for a series."""
    pairs = (f"{name}\x1f{value}" for name, value in metric.dimensions)
    return "\x1e".join((metric.region, metric.namespace, metric.name, *pairs))
