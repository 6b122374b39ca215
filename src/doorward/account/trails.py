"""Trails of an account: what they choose, where they deliver to, and the keys of their digests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from doorward.account.tags import Tag
from doorward.trail.delivery import EventHead

MOST_SPANS = 16
GLOBAL_SOURCES = frozenset({"iam.amazonaws.com", "sts.amazonaws.com", "signin.amazonaws.com"})
"""AWS: global service events; they lie in us-east-1. Source: CloudTrail guide, "global events"."""


class Span(NamedTuple):
    """A time in which a trail logs; without an end it still does."""

    start: datetime
    end: datetime | None = None


class DataResource(NamedTuple):
    """Resources whose data events a selector wants; Doorward has no such events."""

    type: str
    values: tuple[str, ...] = ()


class EventSelector(NamedTuple):
    """What a trail keeps: All, ReadOnly or WriteOnly, and which sources not."""

    read_write: str = "All"
    management: bool = True
    data_resources: tuple[DataResource, ...] = ()
    excluded: tuple[str, ...] = ()


class FieldSelector(NamedTuple):
    """A condition on one field of an event; several values of one operator: any of them."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()


class AdvancedSelector(NamedTuple):
    """Conditions that must all hold."""

    name: str
    fields: tuple[FieldSelector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A trail.

    Attributes:
        trail_id: Unlike the name never used again; names what is known of its delivery.
        region: Its home.
        validation: Since when digests are delivered too; None: they are not.
        spans: When it logged, oldest first.
        selectors: None of either kind: every management event.
        deleted: It is gone for everybody, but what it had to deliver is still delivered.
    """

    name: str
    trail_id: str
    region: str
    created: datetime
    bucket: str
    prefix: str | None = None
    topic: str | None = None
    global_events: bool = True
    multi_region: bool = False
    validation: datetime | None = None
    log_group: str | None = None
    log_role: str | None = None
    selectors: tuple[EventSelector, ...] = ()
    advanced: tuple[AdvancedSelector, ...] = ()
    spans: tuple[Span, ...] = ()
    tags: tuple[Tag, ...] = ()
    deleted: datetime | None = None

    @property
    def key(self) -> str:
        """Region and name; of a deleted one its id, so that the name is free."""
        return f"deleted/{self.trail_id}" if self.deleted else f"{self.region}/{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"trail/{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A trail is found by its name alone."""
        return ()

    @property
    def is_logging(self) -> bool:
        """Whether it logs now."""
        return bool(self.spans) and self.spans[-1].end is None

    def started(self, now: datetime) -> "Trail":
        """The trail, logging."""
        if self.is_logging:
            return self
        # Records know milliseconds; the one of this start is to be delivered too.
        start = now.replace(microsecond=now.microsecond // 1000 * 1000)
        spans = (*self.spans, Span(start))
        if len(spans) > MOST_SPANS:
            # INVARIANT: rather too much is delivered than too little.
            spans = (Span(spans[0].start, spans[1].end), *spans[2:])
        return replace(self, spans=spans)

    def stopped(self, now: datetime) -> "Trail":
        """The trail, no longer logging."""
        if not self.is_logging:
            return self
        return replace(self, spans=(*self.spans[:-1], Span(self.spans[-1].start, now)))

    def logged_at(self, at: datetime) -> bool:
        """Whether it logged at that moment."""
        return any(span.start <= at and (not span.end or at <= span.end) for span in self.spans)

    def chooses(self, event: EventHead) -> bool:
        """Whether it delivers such an event, once it logs."""
        if not self._sees_region_of(event):
            return False
        if self.advanced:
            return any(_holds(each, event) for each in self.advanced)
        return any(_selects(each, event) for each in self.selectors or (EventSelector(),))

    def _sees_region_of(self, event: EventHead) -> bool:
        if not self.global_events and event.event_source in GLOBAL_SOURCES:
            return False
        return self.multi_region or event.aws_region == self.region


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestKey:
    """The public half of a key that signs digests; the private one is in the vault.

    Attributes:
        fingerprint: MD5 of the public key, in hex.
        public: PKCS #1, DER.
    """

    fingerprint: str
    public: bytes
    start: datetime
    end: datetime

    @property
    def key(self) -> str:
        """The fingerprint."""
        return self.fingerprint

    @property
    def resource(self) -> str:
        """It is in no ARN."""
        return self.fingerprint

    @property
    def ids(self) -> tuple[str, ...]:
        """A key is found by its fingerprint alone."""
        return ()


def digest_key_place(fingerprint: str) -> str:
    """The name in the vault of a private key."""
    return f"digest-key/{fingerprint}"


def _selects(selector: EventSelector, event: EventHead) -> bool:
    wanted = {"ReadOnly": event.read_only, "WriteOnly": not event.read_only}
    return (
        selector.management
        and wanted.get(selector.read_write, True)
        and event.event_source not in selector.excluded
    )


_FIELDS: dict[str, Callable[[EventHead], str]] = {
    "eventCategory": lambda event: event.event_category,
    "readOnly": lambda event: str(event.read_only).lower(),
    "eventSource": lambda event: event.event_source,
    "eventName": lambda event: event.event_name,
    "eventType": lambda event: event.event_type,
    "userIdentity.arn": lambda event: event.caller,
}
SELECTOR_FIELDS = frozenset(_FIELDS)
"""The fields of management events that Doorward's events have."""


def _holds(selector: AdvancedSelector, event: EventHead) -> bool:
    return all(_field_holds(each, event) for each in selector.fields)


def _field_holds(selector: FieldSelector, event: EventHead) -> bool:
    value_of = _FIELDS.get(selector.field)
    if value_of is None:
        return False
    value = value_of(event)
    wanted = (
        (selector.equals, value.__eq__),
        (selector.starts_with, value.startswith),
        (selector.ends_with, value.endswith),
    )
    refused = (
        (selector.not_equals, value.__eq__),
        (selector.not_starts_with, value.startswith),
        (selector.not_ends_with, value.endswith),
    )
    return all(_any(test, texts) for texts, test in wanted if texts) and not any(
        _any(test, texts) for texts, test in refused
    )


def _any(test: Callable[[str], object], texts: Iterable[str]) -> bool:
    return any(test(text) is True for text in texts)
