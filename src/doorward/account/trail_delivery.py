"""How far the delivery of a trail has come: what a node must know to go on where one stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from doorward.account.trails import Trail
from doorward.trail.digest import Link, LogFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Records that are being delivered.

    INVARIANT: a batch is stored before its first byte is delivered, and everything delivered
    follows from it, the records it names and the keys: whoever takes it up after a crash writes
    the same files again.

    Attributes:
        trail: As it was when the batch was begun.
        first: The sequence number before the first record.
        last: The sequence number of the last.
        count: How many of the records between are the trail's.
        seed: Makes the names of its files unique.
        windows: Starts of the spans of time that get their digests.
        digest_s: How long each of these spans is.
        fingerprint: The key that signs these.
    """

    trail: Trail
    at: datetime
    first: int
    last: int
    count: int
    seed: str
    windows: tuple[datetime, ...] = ()
    digest_s: int = 3600
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The digests of a region: the newest, and the files the next one will list."""

    newest: Link | None = None
    files: tuple[LogFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryState:
    """One trail's.

    Attributes:
        cursor: Everything up to this sequence number is delivered, or not the trail's.
        window: Where the next digest starts; None while there is none to make.
        digested: Where the last one ended.
        chains: By region.
        attempted: The last try.
        error: Why it failed; empty when it did not.
        digest_error: As `error`, of a digest.
    """

    cursor: int
    batch: Batch | None = None
    window: datetime | None = None
    digested: datetime | None = None
    chains: Mapping[str, Chain] = field(default_factory=dict)
    attempted: datetime | None = None
    delivered: datetime | None = None
    error: str = ""
    digest_delivered: datetime | None = None
    digest_error: str = ""
