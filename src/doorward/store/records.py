"""What records are looked up by, the same for every store. Pure.

A SQL store has no index entry for each record and attribute: that would cost more than the record.
It keeps ranges: for each value of an attribute that occurs in the records of one transaction, the
times of the first and the last of them. A look-up reads the records of these times and keeps those
that match.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

from doorward.store.unit import RecordRow

# Names as in CloudTrail LookupEvents, and RequestId for `why`.
COLUMNS = {
    "EventId": "event_id",
    "EventName": "event_name",
    "EventSource": "event_source",
    "Username": "username",
    "AccessKeyId": "access_key_id",
    "RequestId": "request_id",
}
TERMS = ("ResourceType", "ResourceName")
ATTRIBUTES = (*COLUMNS, "ReadOnly", *TERMS)
# Nearly every record has its own, so each has an index of records instead of ranges.
UNIQUE = ("EventId", "RequestId")
READ_ONLY = {"true": True, "false": False}
# INVARIANT: an index entry of PostgreSQL holds 2,704 bytes; 256 characters are at most 1,024.
LONGEST = 256
# INVARIANT: ranges never cross a multiple of this, so that a record that comes late makes none
# that spans an hour of others, and a look-up knows where ranges that reach into its window end.
WIDEST_MS = 1024

# (hash of account, attribute and value; first moment, last moment)
Range: TypeAlias = tuple[int, int, int]

_RANGED = tuple(
    (name, attrgetter(column)) for name, column in COLUMNS.items() if name not in UNIQUE
)
_LOOKED_UP = attrgetter(*COLUMNS.values())
_AT = attrgetter("at")


def storable(text: str) -> str:
    """Return text every database can hold: no NUL, no lone surrogate."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def stored(records: Sequence[RecordRow]) -> Sequence[RecordRow]:
    """Return the records as any store gives them back: look-up text storable and clipped."""
    # SPEED: nearly every record is plain; looking at all of their text at once costs half.
    if _are_plain(records):
        return records
    return [record if _are_plain([record]) else _made_storable(record) for record in records]


def _are_plain(records: Sequence[RecordRow]) -> bool:
    looked_up = list(chain.from_iterable(map(_LOOKED_UP, records)))
    resources = chain.from_iterable(record.resources for record in records if record.resources)
    every = "".join(chain(looked_up, chain.from_iterable(resources)))
    return every.isascii() and "\0" not in every and max(map(len, looked_up), default=0) <= LONGEST


def _made_storable(record: RecordRow) -> RecordRow:
    texts: dict[str, Any] = {
        column: storable(getattr(record, column))[:LONGEST] for column in COLUMNS.values()
    }
    resources = tuple((storable(kind), storable(name)) for kind, name in record.resources)
    return replace(record, resources=resources, **texts)


def ranges(records: Iterable[RecordRow]) -> Iterator[Range]:
    """Yield when each value of each attribute occurs in stored records."""
    moments: dict[tuple[str, int], list[RecordRow]] = {}
    for record in sorted(records, key=_AT):
        moments.setdefault((record.account, record.at // WIDEST_MS), []).append(record)
    for (account, _), together in moments.items():
        times = [record.at for record in together]
        for name, column in _RANGED:
            yield from _extents(account, name, list(map(column, together)), times)
        modes = ["true" if record.read_only else "false" for record in together]
        yield from _extents(account, "ReadOnly", modes, times)
        times = [record.at for record in together for _ in record.resources]
        for place, name in enumerate(TERMS):
            values = [pair[place] for record in together for pair in record.resources]
            yield from _extents(account, name, values, times)


def _extents(
    account: str, name: str, values: Sequence[str], times: Sequence[int]
) -> Iterator[Range]:
    # SPEED: `dict` keeps the last of each value and, backwards, the first, without a step of
    # Python for each record; times come in order.
    last = dict(zip(values, times, strict=True))
    first = dict(zip(reversed(values), reversed(times), strict=True))
    for value, at in last.items():
        yield value_hash(account, name, value), first[value], at


def value_hash(account: str, name: str, value: str) -> int:
    """Return what stands in ranges for a value: small however long it is, and a signed 64 bits.

    Two values with one hash cost a look-up time and no more: what it reads is compared exactly.
    """
    text = f"{account}\0{name}\0{value}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)


def disjoint(newest_first: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cut (first, last) ranges, sorted by last, into spans that do not overlap, newest first.

    A span comes as soon as no later range can reach into it: busy values have ranges that overlap
    without end.
    """
    low, high = 0, -1
    for first, last in newest_first:
        if low <= high and last < high:
            yield max(low, last + 1), high
        low = min(low, first) if low <= last <= high else first
        high = last
    if low <= high:
        yield low, high


def as_stored(name: str, value: str) -> str:
    """Return a looked-up value of an attribute as records hold it."""
    return storable(value) if name in TERMS else storable(value)[:LONGEST]


def refuse_unknown(attribute: tuple[str, str] | None) -> None:
    """Raise ValueError for an attribute nothing is looked up by."""
    if attribute is not None and attribute[0] not in ATTRIBUTES:
        raise ValueError(f"Records are not looked up by {attribute[0]!r}.")


def matches(record: RecordRow, attribute: tuple[str, str] | None) -> bool:
    """Say whether a stored record has the attribute, the value compared exactly."""
    if attribute is None:
        return True
    name, value = attribute
    if name == "ReadOnly":
        return READ_ONLY.get(value) is record.read_only
    wanted = as_stored(name, value)
    if name in COLUMNS:
        return bool(getattr(record, COLUMNS[name]) == wanted)
    place = TERMS.index(name)
    return any(resource[place] == wanted for resource in record.resources)
