"""What the watch over the trail remembers: how far it has read, what it counted, what it must say.

One value in the store holds all of it, and moves in the same transaction as what is sent because of
it. So a record counts once, on whichever node it is read, however often nodes stop.
"""

from collections.abc import Iterable

import msgspec

from doorward.account.account import Account
from doorward.account.alarms import MetricAlarm, MetricName
from doorward.account.metric_counts import Counts
from doorward.trail.alarms import Points

SETTING = "alarms"
SHORTEST_MEMORY_MIN = 60


class Seen(msgspec.Struct):
    """Records of one kind that nobody was told of yet."""

    number: int = 0
    last: str = ""


class Notices(msgspec.Struct):
    """What an account's root is to be told.

    Attributes:
        seen: By built-in alarm.
        recent: Times of records, for alarms that take several.
        last_event: The newest of them; names the mail.
        sent_ms: When root was told last.
    """

    seen: dict[str, Seen] = msgspec.field(default_factory=dict)
    recent: dict[str, list[int]] = msgspec.field(default_factory=dict)
    last_event: str = ""
    sent_ms: int = 0


class Watch(msgspec.Struct):
    """All that is remembered.

    Attributes:
        cursor: The last record read.
        counts: Account -> its series.
        alarmed: Accounts that have alarms.
    """

    cursor: int = 0
    counts: dict[str, list[tuple[MetricName, Points]]] = msgspec.field(default_factory=dict)
    notices: dict[str, Notices] = msgspec.field(default_factory=dict)
    alarmed: set[str] = msgspec.field(default_factory=set)

    @property
    def waits(self) -> bool:
        """There is something nobody was told of yet."""
        return any(each.seen for each in self.notices.values())

    def counts_of(self, account: str) -> Counts:
        """An account's series, by name."""
        return dict(self.counts.get(account, ()))

    def keep(self, account: Account, counts: Counts, minute: int) -> None:
        """Keep an account's series, without what no alarm looks at any more."""
        needed = _needed(account.all(MetricAlarm))
        kept: list[tuple[MetricName, Points]] = []
        for metric, points in counts.items():
            oldest = minute - needed.get(metric, SHORTEST_MEMORY_MIN)
            recent = {at: sample for at, sample in points.items() if at >= oldest}
            if recent:
                kept.append((metric, recent))
        self.counts[account.id] = kept


def _needed(alarms: Iterable[MetricAlarm]) -> dict[MetricName, int]:
    """How many minutes alarms look back, by series."""
    needed: dict[MetricName, int] = {}
    for alarm in alarms:
        before = needed.get(alarm.metric, SHORTEST_MEMORY_MIN)
        needed[alarm.metric] = max(before, alarm.threshold.window_min)
    return needed


def read_watch(text: bytes | None) -> Watch:
    """What was remembered; nothing at the first start."""
    return Watch() if text is None else msgspec.json.decode(text, type=Watch)


def written(watch: Watch) -> bytes:
    """The same, for the store."""
    return msgspec.json.encode(watch)
