"""Log groups of CloudWatch Logs, their messages and their metric filters."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from doorward.account.tags import Tag

TRAIL_GROUP = "doorward/trail"
"""The log group of every account and region that holds the records of the trail."""

TRAIL_STREAM = "management"


class Line(NamedTuple):
    """One message of a log group of the account's own; times in milliseconds since the epoch."""

    stream: str
    at_ms: int
    taken_ms: int
    event_id: str
    text: str


class Transformation(NamedTuple):
    """What a metric filter makes of a message that matches.

    Attributes:
        value: A number, or a selector of the pattern such as `$.latency`.
        default: Counted where messages came and none matched.
        dimensions: (name, selector) pairs.
    """

    namespace: str
    metric: str
    value: str
    default: float | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    unit: str = "None"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup:
    """A log group made by the account; that of the trail is not kept, it is always there."""

    region: str
    name: str
    created: datetime
    streams: tuple[tuple[str, datetime], ...] = ()
    retention_days: int | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """Region and name, whose case counts."""
        return f"{self.region}/{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"log-group:{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A log group is found by its name alone."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLines:
    """The last messages of a log group, oldest first."""

    region: str
    group: str
    lines: tuple[Line, ...] = ()

    @property
    def key(self) -> str:
        """The log group's."""
        return f"{self.region}/{self.group}"

    @property
    def resource(self) -> str:
        """The last part of the log group's ARN."""
        return f"log-group:{self.group}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Messages are found by their log group alone."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter:
    """Which messages of a log group count, and as what."""

    region: str
    group: str
    name: str
    pattern: str
    created: datetime
    transformation: Transformation

    @property
    def key(self) -> str:
        """Region, log group and name; no log group's name has a colon."""
        return f"{self.region}/{self.group}:{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the log group's ARN and the name; a filter has no ARN of its own."""
        return f"log-group:{self.group}:metric-filter:{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A filter is found by its name alone."""
        return ()
