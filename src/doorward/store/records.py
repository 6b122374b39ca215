"""What records are looked up by, the same for every store. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from operator import attrgetter
from typing import Any

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
_LOOKED_UP = attrgetter(*COLUMNS.values())
TERMS = ("ResourceType", "ResourceName")
ATTRIBUTES = (*COLUMNS, "ReadOnly", *TERMS)
READ_ONLY = {"true": True, "false": False}
# INVARIANT: an index entry of PostgreSQL holds 2,704 bytes; 256 characters are at most 1,024.
LONGEST = 256


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


def term(value: str) -> str:
    """Return what stands in the resource index for a value; long ones by their digest."""
    return value if len(value) <= LONGEST else f"sha256:{sha256(value.encode()).hexdigest()}"


def terms(resources: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each (attribute, indexed value) of a stored record's resources once."""
    for place, attribute in enumerate(TERMS):
        for value in dict.fromkeys(resource[place] for resource in resources):
            yield attribute, term(value)


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
    if name in COLUMNS:
        return bool(getattr(record, COLUMNS[name]) == storable(value)[:LONGEST])
    return (name, term(storable(value))) in terms(record.resources)
