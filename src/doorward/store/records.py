"""What records are looked up by, the same for every store. Pure.

A SQL store has no index entry for each record and attribute: that would cost more than the record.
It keeps ranges: for each value of an attribute that occurs in the records of one transaction, the
times of the first and the last of them. A look-up reads the records of these times and keeps those
that match.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
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

# (account, attribute, indexed value, first moment, last moment)
Range: TypeAlias = tuple[str, str, str, int, int]

_RANGED = tuple(name for name in COLUMNS if name not in UNIQUE)
_LOOKED_UP = attrgetter(*COLUMNS.values())
_IN_COMMON = attrgetter("account", "read_only", *(COLUMNS[name] for name in _RANGED))
_AT = attrgetter("at")


def storable(text: str) -> str:
    """Return text every database can hold: no NUL, no lone surrogate."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def stored(record: RecordRow) -> RecordRow:
    """Return the record as any store gives it back: look-up text storable and clipped."""
    # SPEED: nearly every record is plain; looking at its text once is a fifth of making it anew.
    looked_up = _LOOKED_UP(record)
    every = "".join((*looked_up, *chain.from_iterable(record.resources)))
    if every.isascii() and "\0" not in every and max(map(len, looked_up)) <= LONGEST:
        return record
    texts: dict[str, Any] = {
        column: storable(getattr(record, column))[:LONGEST] for column in COLUMNS.values()
    }
    resources = tuple((storable(kind), storable(name)) for kind, name in record.resources)
    return replace(record, resources=resources, **texts)


def ranges(records: Sequence[RecordRow]) -> list[Range]:
    """Return when each value of each attribute occurs in stored records."""
    # SPEED: records of a moment are alike: distinct ones are found by dict(zip()), without a step
    # of Python for each record and attribute: 1 µs a record instead of 6.
    ordered = sorted(records, key=_AT)
    times = [record.at for record in ordered]
    slices = [at // WIDEST_MS for at in times]
    found: dict[tuple[int, str, str, str], tuple[int, int]] = {}
    alike = _extents(list(zip(slices, map(_IN_COMMON, ordered), strict=True)), times)
    for (part, (account, read_only, *values)), extent in alike.items():
        pairs = (("ReadOnly", _written(read_only)), *zip(_RANGED, values, strict=True))
        _widen(found, part, account, pairs, extent)
    for (part, account, resource), extent in _resource_extents(ordered, times, slices).items():
        _widen(found, part, account, zip(TERMS, map(term, resource), strict=True), extent)
    return [(*key[1:], *extent) for key, extent in found.items()]


def _resource_extents(
    ordered: Sequence[RecordRow], times: Sequence[int], slices: Sequence[int]
) -> Mapping[tuple[int, str, tuple[str, str]], tuple[int, int]]:
    each = [
        (part, record.account, resource, at)
        for record, at, part in zip(ordered, times, slices, strict=True)
        for resource in record.resources
    ]
    return _extents([key[:3] for key in each], [key[3] for key in each])


def _extents(keys: Sequence[Any], times: Sequence[int]) -> dict[Any, tuple[int, int]]:
    """Return the first and last time of each key; times come in order."""
    last = dict(zip(keys, times, strict=True))
    first = dict(zip(reversed(keys), reversed(times), strict=True))
    return {key: (first[key], at) for key, at in last.items()}


def _widen(
    found: dict[tuple[int, str, str, str], tuple[int, int]],
    part: int,
    account: str,
    pairs: Iterable[tuple[str, str]],
    extent: tuple[int, int],
) -> None:
    for name, value in pairs:
        first, last = found.setdefault((part, account, name, value), extent)
        found[part, account, name, value] = min(first, extent[0]), max(last, extent[1])


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


def indexed(name: str, value: str) -> str:
    """Return what stands for a looked-up value in columns and ranges."""
    return term(storable(value)) if name in TERMS else storable(value)[:LONGEST]


def term(value: str) -> str:
    """Return what stands in the ranges for a resource; long ones by their digest."""
    return value if len(value) <= LONGEST else f"sha256:{sha256(value.encode()).hexdigest()}"


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
    wanted = indexed(name, value)
    if name in COLUMNS:
        return bool(getattr(record, COLUMNS[name]) == wanted)
    place = TERMS.index(name)
    return any(term(resource[place]) == wanted for resource in record.resources)


def _written(read_only: bool) -> str:
    return "true" if read_only else "false"
