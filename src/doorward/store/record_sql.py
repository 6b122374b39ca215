"""The statements for records of calls, in the SQL both databases speak."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from doorward.store.records import (
    COLUMNS,
    UNIQUE,
    WIDEST_MS,
    as_stored,
    disjoint,
    matches,
    ranges,
    refuse_unknown,
    stored,
    value_hash,
)
from doorward.store.unit import RecordRow

if TYPE_CHECKING:
    from doorward.store.sql import Session
    from doorward.store.unit import Among

PRUNED_AT_ONCE = 1000
ADDED_AT_ONCE = 256
READ_AT_ONCE = 50

PLAIN = (
    "account",
    "at",
    "event_id",
    "event_name",
    "event_source",
    "username",
    "access_key_id",
    "read_only",
    "request_id",
    "body",
)
FIELDS = f"sequence, resources, {', '.join(PLAIN)}"
ADD = f"INSERT INTO record ({FIELDS}) VALUES "  # noqa: S608 - names of columns, no values
ADD_RANGE = "INSERT INTO record_range (sequence, value_hash, first_at, last_at) VALUES "
FIND = f"""SELECT {FIELDS} FROM record WHERE account = ? AND at BETWEEN ? AND ?
AND (at, sequence) < (?, ?)"""  # noqa: S608 - as above
AFTER = f"SELECT {FIELDS} FROM record WHERE sequence > ? AND sequence <= ?"  # noqa: S608 - as above
IN_ORDER = " ORDER BY sequence LIMIT ?"
NEWEST = " ORDER BY at DESC, sequence DESC LIMIT ?"
RANGES = """SELECT first_at, last_at, sequence FROM record_range
WHERE value_hash = ? AND last_at >= ? AND first_at <= ?
AND (last_at, sequence) < (?, ?) ORDER BY last_at DESC, sequence DESC LIMIT ?"""

# One step along the index for each account, however many records it has.
OLD_ACCOUNTS = """WITH RECURSIVE held (id) AS (SELECT min(account) FROM record UNION ALL
SELECT (SELECT min(account) FROM record WHERE account > held.id) FROM held WHERE id IS NOT NULL)
SELECT id FROM held WHERE (SELECT min(at) FROM record WHERE account = held.id) < ?"""
LAST_OF_SOME = "SELECT at FROM record WHERE account = ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?"
OLD = f"SELECT {FIELDS} FROM record WHERE account = ? AND at < ?"  # noqa: S608 - as above
DROP_RANGES = "DELETE FROM record_range WHERE value_hash = ? AND last_at < ?"
DROP = "DELETE FROM record WHERE account = ? AND at < ?"

_plain = attrgetter(*PLAIN)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode


def add_records(session: "Session", records: Sequence[RecordRow]) -> None:
    """Write records and what they are looked up by; nothing to do for none."""
    if not records:
        return
    kept = stored(records)
    numbers = session.sequences(len(kept))
    rows = [
        (sequence, _text(record.resources), *_plain(record))
        for sequence, record in zip(numbers, kept, strict=True)
    ]
    _add_many(session, ADD, rows)
    # The first record's number tells the ranges of one transaction from those of others.
    _add_many(session, ADD_RANGE, [(rows[0][0], *each) for each in ranges(kept)])


def _add_many(session: "Session", add: str, rows: Sequence[tuple[Any, ...]]) -> None:
    # SPEED: one statement for many rows. With one each, this thread and the one that answers
    # calls hand the interpreter's lock back and forth: 21 µs of CPU a record instead of 9.
    # Powers of two, so that few statements are ever prepared: that costs 3 µs a row.
    start = 0
    while left := len(rows) - start:
        some = rows[start : start + min(ADDED_AT_ONCE, 1 << (left.bit_length() - 1))]
        sql = add + _places(len(some), len(some[0]))
        session.run(sql, list(chain.from_iterable(some)))
        start += len(some)


@lru_cache
def _places(rows: int, columns: int) -> str:
    return ", ".join([f"({', '.join('?' * columns)})"] * rows)


def find_records(
    session: "Session",
    account: str,
    window: tuple[int, int],
    attribute: tuple[str, str] | None,
    limit: int,
    before: tuple[int, int] | None,
) -> list[tuple[int, RecordRow]]:
    """Run the look-up of `Store.find_records`, span by span of the attribute's ranges."""
    refuse_unknown(attribute)
    start, end = window
    before = min(before or (end + 1, 0), (end + 1, 0))
    spans: Iterator[tuple[int, int]] = iter([(start, before[0])])
    if attribute and attribute[0] not in UNIQUE:
        spans = disjoint(_ranges(session, account, attribute, start, before[0]))
    found = (
        each
        for low, high in spans
        for each in _in_span(session, account, (max(low, start), high), attribute, limit, before)
    )
    return list(islice(found, limit))


def records_after(
    session: "Session", sequence: int, upto: int, limit: int, among: "Among | None"
) -> list[tuple[int, RecordRow]]:
    """Return the records behind a sequence number, in order."""
    sql, wanted = AFTER, list[str]()
    if among:
        # SPEED: what nobody wants is passed over inside the database, its body unread.
        sql += f" AND (event_name IN {_some(among.events)} OR username IN {_some(among.usernames)})"
        wanted = [*among.events, *among.usernames]
    rows = session.rows(sql + IN_ORDER, (sequence, upto, *wanted, limit))
    return [_record(*row) for row in rows]


def _some(values: Sequence[str]) -> str:
    return f"({', '.join('?' * len(values)) or 'NULL'})"


def _ranges(
    session: "Session", account: str, attribute: tuple[str, str], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Yield the (first, last) times of a value's ranges that reach into a window, by the last."""
    name, value = attribute
    wanted = (value_hash(account, name, as_stored(name, value)), start, end)
    after = (end + WIDEST_MS, 0)
    while True:
        rows = session.rows(RANGES, (*wanted, *after, READ_AT_ONCE))
        yield from ((first, last) for first, last, _ in rows)
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1][1:]


def _in_span(
    session: "Session",
    account: str,
    span: tuple[int, int],
    attribute: tuple[str, str] | None,
    limit: int,
    before: tuple[int, int],
) -> Iterator[tuple[int, RecordRow]]:
    """Yield the records of a span of time that match, newest first."""
    sql, wanted, size = FIND + NEWEST, [], limit
    if attribute and attribute[0] in COLUMNS:
        sql, wanted = f"{FIND} AND {COLUMNS[attribute[0]]} = ?{NEWEST}", [as_stored(*attribute)]
    elif attribute:
        size = max(limit, READ_AT_ONCE)
    while True:
        rows = session.rows(sql, (account, *span, *before, *wanted, size))
        found = [_record(*row) for row in rows]
        yield from (each for each in found if matches(each[1], attribute))
        if len(rows) < size:
            return
        before = (found[-1][1].at, found[-1][0])


def old_accounts(session: "Session", before_ms: int) -> list[str]:
    """Return the accounts with records older than this."""
    return [account for (account,) in session.rows(OLD_ACCOUNTS, (before_ms,))]


def prune_some(session: "Session", account: str, before_ms: int) -> int:
    """Forget some of an account's records older than this, oldest first; return how many."""
    some = session.rows(LAST_OF_SOME, (account, before_ms, PRUNED_AT_ONCE - 1))
    end = some[0][0] + 1 if some else before_ms
    old = [_record(*row)[1] for row in session.rows(OLD, (account, end))]
    values = dict.fromkeys(value for value, _, _ in ranges(old))
    # INVARIANT: ranges go before records. A record that another node adds in between is then
    # forgotten with the others, not left where no look-up finds it.
    session.run_many(DROP_RANGES, [(value, end) for value in values])
    return session.run(DROP, (account, end))


def _text(resources: tuple[tuple[str, str], ...]) -> str:
    return _encode(resources).decode() if resources else ""


def _record(sequence: int, resources: str, *columns: Any) -> tuple[int, RecordRow]:
    values = dict(zip(PLAIN, columns, strict=True))
    values["read_only"] = bool(values["read_only"])
    return sequence, RecordRow(resources=_decode(resources) if resources else (), **values)
