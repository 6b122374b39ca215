"""PutLogEvents: messages of log groups of the account's own, counted as they come."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from doorward.account.alarms import MetricPoints, series_key
from doorward.account.log_groups import Line, LogLines, MetricFilter
from doorward.account.metric_counts import Counts, add, filters_of, observation
from doorward.services.call import Call
from doorward.services.logs import targets
from doorward.services.logs.errors import InvalidParameter, LimitExceeded, ResourceNotFound
from doorward.services.logs.pages import in_ms
from doorward.services.registry import operation
from doorward.trail.alarms import merged
from doorward.trail.filter_pattern import LogLine

MOST_LINES = 1000
MOST_CHARS = 262_144
MOST_SERIES = 200
KEPT_MINUTES = 24 * 60
MINUTE_MS = 60_000
OLDEST, NEWEST = timedelta(days=14), timedelta(hours=2)


@operation("logs", on=targets.stream)
def put_log_events(
    call: Call,
    *,
    log_group_name: str,
    log_stream_name: str,
    log_events: Sequence[Mapping[str, Any]],
    sequence_token: str | None = None,
    entity: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Take messages in. The last thousand of a log group are kept, and what they count up to."""
    del sequence_token, entity  # AWS: ignores tokens since 2023.
    group = targets.find_written(call, log_group_name)
    if log_stream_name not in dict(group.streams):
        raise ResourceNotFound.stream()
    times = [each["timestamp"] for each in log_events]
    if times != sorted(times):
        raise InvalidParameter.named(
            "Log events in a single PutLogEvents request must be in chronological order."
        )
    too_old, too_new = _window(call, times)
    taken = [_line(call, log_stream_name, each) for each in log_events[too_old:too_new]]
    _keep(call, group.key, taken)
    _count(call, log_group_name, taken)
    return {"rejectedLogEventsInfo": _rejected(too_old, too_new, len(times))}


def _window(call: Call, times: Sequence[int]) -> tuple[int, int]:
    """The first that is not too old, and the first that is too new."""
    oldest, newest = in_ms(call.now - OLDEST), in_ms(call.now + NEWEST)
    return sum(at < oldest for at in times), sum(at <= newest for at in times)


def _rejected(too_old: int, too_new: int, count: int) -> dict[str, int] | None:
    info = {"tooOldLogEventEndIndex": too_old} if too_old else {}
    return (info | ({"tooNewLogEventStartIndex": too_new} if too_new < count else {})) or None


def _line(call: Call, stream: str, given: Mapping[str, Any]) -> Line:
    event_id = f"{given['timestamp']:015}{int.from_bytes(call.random(16), 'big'):039}"
    return Line(stream, given["timestamp"], in_ms(call.now), event_id, given["message"])


def _keep(call: Call, key: str, taken: list[Line]) -> None:
    region, _, name = key.partition("/")
    found = call.account.at(("log-lines", key))
    before = found.lines if isinstance(found, LogLines) else ()
    kept = sorted([*before, *taken], key=lambda line: line.at_ms)[-MOST_LINES:]
    size = sum(len(line.text) for line in kept)
    while size > MOST_CHARS:
        size -= len(kept.pop(0).text)
    call.update(LogLines(region=region, group=name, lines=tuple(kept)))


def _count(call: Call, group: str, taken: list[Line]) -> None:
    held = filters_of(call.account.all(MetricFilter), group, call.region)
    counts: Counts = {}
    for line in taken:
        read = LogLine(line.text)
        for each in held:
            seen = observation(each, read)
            if seen is not None:
                add(counts, seen, line.at_ms // MINUTE_MS)
    oldest = in_ms(call.now) // MINUTE_MS - KEPT_MINUTES
    for metric, points in counts.items():
        found = call.account.at(("metric-points", series_key(metric)))
        if found is None and call.account.count(MetricPoints) >= MOST_SERIES:
            raise LimitExceeded.reached()
        before = found.points if isinstance(found, MetricPoints) else {}
        both = merged(before, points)
        kept = {minute: each for minute, each in both.items() if minute >= oldest}
        call.update(MetricPoints(metric=metric, points=kept))
