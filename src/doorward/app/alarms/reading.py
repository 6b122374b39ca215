"""Records held against metric filters, event rules and built-in alarms."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import msgspec

from doorward.account.account import Account
from doorward.account.alarms import MetricAlarm
from doorward.account.event_rules import EventRule, RuleTarget
from doorward.account.log_groups import TRAIL_GROUP, MetricFilter
from doorward.account.metric_counts import Counts, add, filters_of, observation
from doorward.account.topics import Delivery, deliveries
from doorward.app.alarms.notices import Notice, due, note
from doorward.app.alarms.watch import Notices, Watch
from doorward.store.unit import RecordRow
from doorward.trail.alarms_built_in import BuiltIn
from doorward.trail.event_pattern import event_of, event_pattern, is_delivered
from doorward.trail.filter_pattern import LogLine
from doorward.trail.filter_pattern_json import selected

log = logging.getLogger("doorward.alarms")

MINUTE_MS = 60_000
NEWS_MS = 24 * 60 * MINUTE_MS
"""How old a record may be to be told; only a store that was never watched has older ones."""

ALL_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@dataclass(slots=True)
class Read:
    """What reading some records came to."""

    deliveries: list[Delivery] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    changed: bool = False


def read_records(
    watch: Watch,
    rows: Iterable[tuple[int, RecordRow]],
    account_of: Callable[[str], Account | None],
    on: Iterable[BuiltIn],
    now_ms: int,
) -> Read:
    """Take records in; `watch` is changed."""
    read, alarms = Read(), tuple(on)
    counts: dict[str, tuple[Account, Counts]] = {}
    for sequence, row in rows:
        watch.cursor = sequence
        account = account_of(row.account)
        if account is None or now_ms - row.at > NEWS_MS:
            continue
        try:
            _read_one(watch, row, account, alarms, counts, read)
        except Exception:
            # INVARIANT: what cannot be read silences nothing that comes after it.
            log.exception(
                "a record could not be held against the alarms", extra={"id": row.event_id}
            )
    for account, counted in counts.values():
        watch.keep(account, counted, now_ms // MINUTE_MS)
        read.changed = True
    _collect(watch, account_of, now_ms, read)
    return read


def _read_one(
    watch: Watch,
    row: RecordRow,
    account: Account,
    alarms: tuple[BuiltIn, ...],
    counts: dict[str, tuple[Account, Counts]],
    read: Read,
) -> None:
    if account.id not in watch.alarmed and account.count(MetricAlarm):
        watch.alarmed.add(account.id)
        read.changed = True
    filters = filters_of(account.all(MetricFilter), TRAIL_GROUP)
    rules = account.all(EventRule)
    concerned = [each for each in alarms if _concerns(each, row)]
    # SPEED: most records concern nobody, and are not even read.
    if not filters and not rules and not concerned:
        return
    line = LogLine(row.body.decode())
    if filters:
        _, counted = counts.setdefault(account.id, (account, watch.counts_of(account.id)))
        for seen in filter(None, (observation(each, line) for each in filters)):
            add(counted, seen, row.at // MINUTE_MS)
    read.deliveries += _of_rules(account, rules, row, line)
    if concerned:
        notices = watch.notices.setdefault(account.id, Notices())
        read.changed |= note(notices, concerned, account, line, row.at)


def _concerns(alarm: BuiltIn, row: RecordRow) -> bool:
    return row.event_name in alarm.events if alarm.events else b'"Root"' in row.body


def _of_rules(
    account: Account, rules: Iterable[EventRule], row: RecordRow, line: LogLine
) -> Iterator[Delivery]:
    record = line.value or {}
    for rule in rules:
        if rule.state == "DISABLED" or rule.region != record.get("awsRegion"):
            continue
        event = event_of(record)
        if not is_delivered(record, reads_too=rule.state == ALL_EVENTS):
            continue
        if not event_pattern(rule.pattern).matches(event):
            continue
        for target in rule.targets:
            cause = f"event/{row.event_id}/{account.id}/{rule.key}/{target.id}"
            message_id = str(uuid5(NAMESPACE_URL, cause))
            at = datetime.fromtimestamp(row.at / 1000, UTC)
            yield from deliveries(account, target.arn, _chosen(target, event), at, message_id)


def _chosen(target: RuleTarget, event: dict[str, object]) -> str:
    if target.text is not None:
        return target.text
    found = selected(event, target.path) if target.path else [event]
    return msgspec.json.encode(found[0] if found else None).decode()


def _collect(
    watch: Watch, account_of: Callable[[str], Account | None], now_ms: int, read: Read
) -> None:
    """What is to be told now; of several things in a minute, once."""
    for account_id, notices in watch.notices.items():
        account = account_of(account_id) if notices.seen else None
        notice = due(notices, account, now_ms) if account else None
        if notice:
            read.notices.append(notice)
            read.changed = True
