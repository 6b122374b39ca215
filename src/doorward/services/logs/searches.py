"""FilterLogEvents: the messages of a log group that match a pattern.

Of the trail the newest page comes first, and each page goes from old to new.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from doorward.account.log_groups import TRAIL_GROUP, TRAIL_STREAM, LogLines
from doorward.services.call import Call
from doorward.services.logs import targets
from doorward.services.logs.errors import InvalidParameter
from doorward.services.logs.metric_filters import pattern_of
from doorward.services.registry import operation
from doorward.trail.filter_pattern import FilterPattern, LogLine

MOST_SHOWN = 10_000
MOST_CHARS = 1_000_000
MOST_READ = 20_000
AT_ONCE = 500
LATEST_MS = 10**15

Position = tuple[int, int]


@operation("logs", on=targets.group, reads=True, waits=True)
def filter_log_events(
    call: Call,
    *,
    log_group_name: str | None = None,
    log_group_identifier: str | None = None,
    log_stream_names: Sequence[str] = (),
    log_stream_name_prefix: str | None = None,
    start_time: int | None = None,
    end_time: int | None = None,
    filter_pattern: str | None = None,
    next_token: str | None = None,
    limit: int = MOST_SHOWN,
    start_from_head: bool | None = None,
    interleaved: bool | None = None,
    unmask: bool = False,
) -> dict[str, Any]:
    """The messages of a log group that match."""
    del start_from_head, interleaved, unmask
    if (log_group_name is None) == (log_group_identifier is None):
        raise InvalidParameter.named("exactly one of logGroupName and logGroupIdentifier")
    if log_stream_names and log_stream_name_prefix is not None:
        raise InvalidParameter.named("logStreamNames and logStreamNamePrefix are exclusive")
    name = log_group_name or targets.name_of(log_group_identifier or "")
    group = targets.find_group(call, name)
    pattern = pattern_of(filter_pattern or "")
    start, end = start_time or 0, LATEST_MS if end_time is None else end_time
    streams = {
        stream
        for stream, _ in group.streams
        if stream.startswith(log_stream_name_prefix or "")
        and (not log_stream_names or stream in log_stream_names)
    }
    if name != TRAIL_GROUP:
        return {"events": _own(call, group.key, pattern, streams, (start, end))[:limit]}
    if not streams:
        return {"events": []}
    return _of_trail(call, pattern, (start, end), next_token, limit)


def _own(
    call: Call, key: str, pattern: FilterPattern, streams: set[str], span: tuple[int, int]
) -> list[dict[str, Any]]:
    found = call.account.at(("log-lines", key))
    return [
        _shown(line.stream, line.at_ms, line.taken_ms, line.event_id, line.text)
        for line in (found.lines if isinstance(found, LogLines) else ())
        if line.stream in streams
        and span[0] <= line.at_ms <= span[1]
        and pattern.matches(LogLine(line.text))
    ]


def _of_trail(
    call: Call, pattern: FilterPattern, span: tuple[int, int], token: str | None, limit: int
) -> dict[str, Any]:
    before = _opened(call, token) if token is not None else None
    found: list[dict[str, Any]] = []
    size = 0
    for read, (sequence, record) in enumerate(_records(call, span, before), 1):
        text = record.body.decode()
        if pattern.matches(LogLine(text)):
            found.append(_shown(TRAIL_STREAM, record.at, record.at, record.event_id, text))
            size += len(text)
        if len(found) >= limit or read >= MOST_READ or size >= MOST_CHARS:
            token = _sealed(call, (record.at, sequence))
            return {"events": found[::-1], "nextToken": token}
    return {"events": found[::-1]}


def _records(
    call: Call, span: tuple[int, int], before: Position | None
) -> Iterator[tuple[int, Any]]:
    while True:
        found = call.desk.find_records(
            call.account.id,
            start_ms=span[0],
            end_ms=span[1],
            attribute=None,
            limit=AT_ONCE,
            before=before,
        )
        yield from found
        if len(found) < AT_ONCE:
            return
        before = (found[-1][1].at, found[-1][0])


def _shown(stream: str, at: int, taken: int, event_id: str, text: str) -> dict[str, Any]:
    return {
        "logStreamName": stream,
        "timestamp": at,
        "message": text,
        "ingestionTime": taken,
        "eventId": event_id,
    }


def _kind(call: Call) -> str:
    return f"filter-log-events/{call.account.id}"


def _sealed(call: Call, before: Position) -> str:
    return call.desk.seal(_kind(call), msgspec.json.encode(before).decode())


def _opened(call: Call, token: str) -> Position:
    text = call.desk.unseal(_kind(call), token)
    if text is None:
        raise InvalidParameter.named("The specified nextToken is invalid.")
    position: Position = msgspec.json.decode(text, type=Position)
    return position
