"""The statements for records of calls, in the SQL both databases speak."""

import json
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from doorward.store.records import (
    COLUMNS,
    LONGEST,
    READ_ONLY,
    refuse_unknown,
    storable,
    stored,
    term,
    terms,
)
from doorward.store.unit import RecordRow

if TYPE_CHECKING:
    from doorward.store.sql import Session

PRUNED_AT_ONCE = 1000

ADD = """INSERT INTO record (sequence, account, at, event_id, event_name, event_source, username,
access_key_id, read_only, resources, request_id, body) VALUES """
ADDED_AT_ONCE = 200
ADD_TERM = "INSERT INTO record_term (account, name, value, at, sequence) VALUES "
FIELDS = """SELECT record.sequence, record.account, record.at, record.event_id, record.event_name,
record.event_source, record.username, record.access_key_id, record.read_only, record.resources,
record.request_id, record.body """
FROM_RECORD = "FROM record WHERE record.account = ?"
FROM_TERM = """FROM record_term JOIN record ON record.sequence = record_term.sequence
WHERE record_term.account = ? AND record_term.name = ? AND record_term.value = ?"""
# Records are numbered as they come, so the oldest have the lowest numbers.
OLDEST = """SELECT sequence, account, at, resources FROM
(SELECT * FROM record ORDER BY sequence LIMIT ?) AS first WHERE at < ?"""
DROP_TERM = """DELETE FROM record_term
WHERE account = ? AND name = ? AND value = ? AND at = ? AND sequence = ?"""
DROP = "DELETE FROM record WHERE sequence = ?"


def add_records(session: "Session", records: Sequence[RecordRow]) -> None:
    """Write records and what they are looked up by; nothing to do for none."""
    if not records:
        return
    numbered = list(
        zip(session.sequences(len(records)), [stored(record) for record in records], strict=True)
    )
    _add_many(session, ADD, [_columns(*each) for each in numbered])
    indexed = [
        (record.account, name, value, record.at, sequence)
        for sequence, record in numbered
        for name, value in terms(record.resources)
    ]
    _add_many(session, ADD_TERM, indexed)


def _add_many(session: "Session", add: str, rows: Sequence[tuple[Any, ...]]) -> None:
    # SPEED: one statement for many rows. With one each, this thread and the one that answers
    # calls hand the interpreter's lock back and forth: 21 µs of CPU a record instead of 9.
    for start in range(0, len(rows), ADDED_AT_ONCE):
        some = rows[start : start + ADDED_AT_ONCE]
        places = f"({', '.join('?' * len(some[0]))})"
        session.run(add + ", ".join([places] * len(some)), list(chain.from_iterable(some)))


def find_records(
    session: "Session",
    account: str,
    window: tuple[int, int],
    attribute: tuple[str, str] | None,
    limit: int,
    before: tuple[int, int] | None,
) -> list[tuple[int, RecordRow]]:
    """Run the look-up of `Store.find_records`, along the index of the attribute."""
    refuse_unknown(attribute)
    if attribute and attribute[0] == "ReadOnly" and attribute[1] not in READ_ONLY:
        return []
    table, source, args = _source(account, attribute)
    source += f" AND {table}.at BETWEEN ? AND ?"
    args += window
    if before is not None:
        source += f" AND ({table}.at, {table}.sequence) < (?, ?)"
        args += before
    order = f" ORDER BY {table}.at DESC, {table}.sequence DESC LIMIT ?"
    return [_record(*row) for row in session.rows(FIELDS + source + order, (*args, limit))]


def _source(
    account: str, attribute: tuple[str, str] | None
) -> tuple[str, str, tuple[str | int, ...]]:
    """Return the table that leads, and its FROM and WHERE with their parameters."""
    if attribute is None:
        return "record", FROM_RECORD, (account,)
    name, value = attribute
    if name == "ReadOnly":
        wanted = " AND record.read_only" if READ_ONLY[value] else " AND NOT record.read_only"
        return "record", FROM_RECORD + wanted, (account,)
    if name in COLUMNS:
        column = f" AND record.{COLUMNS[name]} = ?"
        return "record", FROM_RECORD + column, (account, storable(value)[:LONGEST])
    return "record_term", FROM_TERM, (account, name, term(storable(value)))


def prune_some(session: "Session", before_ms: int) -> int:
    """Forget some of the records older than this; return how many."""
    old = session.rows(OLDEST, (PRUNED_AT_ONCE, before_ms))
    indexed = [
        (account, name, value, at, sequence)
        for sequence, account, at, resources in old
        for name, value in terms(_resources(resources))
    ]
    session.run_many(DROP_TERM, indexed)
    session.run_many(DROP, [(row[0],) for row in old])
    return len(old)


def _columns(sequence: int, record: RecordRow) -> tuple[Any, ...]:
    return (
        sequence,
        record.account,
        record.at,
        record.event_id,
        record.event_name,
        record.event_source,
        record.username,
        record.access_key_id,
        record.read_only,
        json.dumps(record.resources, ensure_ascii=False) if record.resources else "",
        record.request_id,
        record.body,
    )


def _record(sequence: int, *columns: Any) -> tuple[int, RecordRow]:
    *head, read_only, resources, request_id, body = columns
    values = (*head, bool(read_only), _resources(resources), request_id, body)
    return sequence, RecordRow(*values)


def _resources(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind, name) for kind, name in json.loads(text)) if text else ()
