"""Rules of EventBridge: which records become events for which topics."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from doorward.account.tags import Tag


class RuleTarget(NamedTuple):
    """Where a rule's events go; `text` and `path` choose another text than the whole event."""

    id: str
    arn: str
    text: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """A rule of the default event bus.

    Attributes:
        pattern: The event pattern, JSON.
        state: ENABLED, DISABLED or ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.
    """

    region: str
    name: str
    created: datetime
    pattern: str
    state: str = "ENABLED"
    description: str | None = None
    targets: tuple[RuleTarget, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """Region and name, whose case counts."""
        return f"{self.region}/{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"rule/{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A rule is found by its name alone."""
        return ()
