"""What is wrong with a delivered file of records. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from doorward.trail.delivery import unpacked
from doorward.trail.digest import LogFile, hashed
from doorward.trail.digest_check import MOST_BYTES, Trouble

MOST_NAMED = 20


class _Records(msgspec.Struct):
    records: list[msgspec.Raw] = msgspec.field(name="Records")


class _Id(msgspec.Struct):
    event_id: str = msgspec.field(name="eventID", default="")
    event_name: str = msgspec.field(name="eventName", default="")


_FILE = msgspec.json.Decoder(_Records)
_ID = msgspec.json.Decoder(_Id)


def bodies_of(text: bytes) -> list[bytes]:
    """The records of a file, each as it stands there.

    Raises:
        ValueError: it is no such file.
    """
    try:
        return [bytes(each) for each in _FILE.decode(text).records]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it holds no records: {error}") from None


def id_of(body: bytes) -> str:
    """The event id of a record; empty when it has none that can be read."""
    try:
        return _ID.decode(body).event_id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def file_checked(place: str, data: bytes | None, listed: LogFile) -> tuple[int, Trouble | None]:
    """How many records a file that a digest lists has, or what is wrong with it.

    Args:
        place: Where it lies, or would.
        data: As it lies there; None when it is not.
        listed: What the digest says of it.
    """
    if data is None:
        what = "a digest lists it, it is not there"
        return 0, Trouble(kind="missing-file", file=place, what=what)
    try:
        text = unpacked(data, MOST_BYTES)
        if hashed(text) != listed.hash:
            what = "it is not the file that was delivered"
            return 0, Trouble(kind="changed-file", file=place, what=what)
        return len(bodies_of(text)), None
    except ValueError as error:
        return 0, Trouble(kind="damaged-file", file=place, what=str(error))


def differences(delivered: Sequence[bytes], found: Sequence[bytes]) -> tuple[str, ...]:
    """What happened to the records of a file, each named by its place and its event id."""
    said = list(_differences(delivered, found))
    more = len(said) - MOST_NAMED
    return (*said[:MOST_NAMED], *([f"and {more} more"] if more > 0 else []))


def _differences(delivered: Sequence[bytes], found: Sequence[bytes]) -> Iterator[str]:
    was = {id_of(body): body for body in delivered}
    now = {id_of(body): body for body in found}
    for number, body in enumerate(delivered, 1):
        there = now.get(id_of(body))
        if there is None:
            yield f"record {number} was removed: {_named(body)}"
        elif there != body:
            yield f"record {number} was changed: {_named(body)}"
    times = Counter(map(id_of, found))
    for number, body in enumerate(found, 1):
        if id_of(body) not in was:
            yield f"record {number} was added: {_named(body)}"
        elif times[id_of(body)] > 1:
            times[id_of(body)] -= 1
            yield f"record {number} stands there again: {_named(body)}"
    common = [key for key in map(id_of, delivered) if key in now]
    order = [key for key in now if key in was]
    for number, (before, after) in enumerate(zip(common, order, strict=True), 1):
        if before != after:
            yield f"records are in another order from record {number} on: {_named(was[before])}"
            return


def _named(body: bytes) -> str:
    try:
        event = _ID.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "not a record"
    return f"{event.event_name or 'a record'} {event.event_id}".rstrip()
