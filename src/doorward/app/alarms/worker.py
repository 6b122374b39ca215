"""The worker that follows the trail: counts, judges alarms, and has people told.

Two steps, over and over. What records say moves the watch and its posts in one transaction of the
store; of several nodes one wins, the others read on from there. What the counts say moves alarms,
each in a transaction of its account together with its posts; a step that was cut short between the
two is made up for by the next one, because alarms are judged from the counts alone.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from doorward.account.account import Account
from doorward.account.alarm_changes import moved
from doorward.account.alarms import MetricAlarm, MetricPoints, series_key
from doorward.account.topics import Delivery
from doorward.app.accounts import Accounts
from doorward.app.alarms.notices import Notice
from doorward.app.alarms.reading import Read, read_records
from doorward.app.alarms.watch import SETTING, Watch, read_watch, written
from doorward.app.live import Live
from doorward.app.outbox import sealed_post
from doorward.app.writer import Writer, Written
from doorward.store.errors import StoreFailure
from doorward.store.posts import Post
from doorward.store.sealed import Sealer
from doorward.store.unit import Among, Store
from doorward.trail.alarms import Points, judged, merged, minute_of
from doorward.trail.alarms_built_in import BuiltIn

log = logging.getLogger("doorward.alarms")

POLL_S = 0.5
AT_ONCE = 500
SAVED_AFTER = 5000
"""Records that concern nobody after which it is remembered that they were read."""

MADE_UP = ".invalid"
ITS_OWN = ("metric-filter", "event-rule", "alarm")
"""Kinds of entities for whose sake an account's records are all read."""

ROOT = "root"


class Alarms:
    """Lives in the event loop as a task of the house; records are read in a thread.

    Args:
        built_in: The built-in alarms that are on.
        mails: There is a server that takes mail.
    """

    def __init__(
        self,
        *,
        store: Store,
        accounts: Accounts,
        writer: Writer,
        sealer: Sealer,
        clock: Callable[[], datetime],
        built_in: Iterable[BuiltIn],
        mails: bool,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._writer = writer
        self._sealer = sealer
        self._clock = clock
        self._built_in = tuple(built_in)
        self._mails = mails
        self.forget_all()

    def forget_all(self) -> None:
        """Begin with what the store holds."""
        self._saved: bytes | None = None
        self._cursor = 0
        self._watch = Watch()
        self._looked: dict[tuple[str, str], tuple[int, Points]] = {}

    async def run(self) -> None:
        """Follow the trail for ever; an unreachable store is waited for."""
        while True:
            try:
                await self.step()
            except StoreFailure as error:
                log.warning("alarms wait, the store does not answer: %s", error)
            except Exception:
                log.exception("alarms wait")
            await asyncio.sleep(POLL_S)

    async def step(self) -> None:
        """Read what is new, and judge the alarms it may concern."""
        while await asyncio.to_thread(self._read_on):
            pass
        await self._judge_all()

    # -- records ---------------------------------------------------------------------------

    def _read_on(self) -> bool:
        """Read some records; whether there may be more."""
        now_ms = int(self._clock().timestamp() * 1000)
        saved = self._store.get_setting(SETTING)
        newest = self._store.newest_record()
        same = saved == self._saved
        # SPEED: with nothing new and nothing to say, nothing is decoded.
        if same and newest == self._cursor and not self._watch.waits:
            return False
        watch = read_watch(saved)
        before = watch.cursor
        if same and before <= self._cursor <= newest:
            watch.cursor = self._cursor
        rows = self._store.records_after(watch.cursor, newest, AT_ONCE, self._among())
        read = read_records(watch, rows, self._account, self._built_in, now_ms)
        if len(rows) < AT_ONCE:
            watch.cursor = newest
        if read.changed or read.deliveries or watch.cursor - before >= SAVED_AFTER:
            text = written(watch)
            if not self._store.put_setting(SETTING, text, saved, self._posts(read, now_ms)):
                # Another node read them; go on with what it made of them.
                return True
            saved = text
            _say(read.notices)
        self._saved, self._cursor, self._watch = saved, watch.cursor, watch
        return len(rows) == AT_ONCE

    def _among(self) -> Among | None:
        """The records that may concern an alarm; None: all, because an account has its own.

        INVARIANT: asked after the newest record, so that an account's own is known for all that
        were made behind it.
        """
        if any(self._store.accounts_with(kind) for kind in ITS_OWN):
            return None
        events = {event for each in self._built_in for event in each.events}
        # Root activity has no events; root is looked up by this name in every trail.
        return Among(tuple(sorted(events)), (ROOT,))

    def _account(self, account_id: str) -> Account | None:
        live = self._accounts.get(account_id)
        return live.account if live else None

    def _posts(self, read: Read, now_ms: int) -> list[Post]:
        told = self._of_deliveries(read.deliveries, now_ms)
        for notice in read.notices:
            if self._mails and not notice.to.endswith(MADE_UP):
                body = {"to": notice.to, "subject": notice.subject, "text": notice.text}
                told.append(sealed_post(self._sealer, "mail", body, now_ms, notice.id))
        return told

    def _of_deliveries(self, found: Iterable[Delivery], now_ms: int) -> list[Post]:
        return [sealed_post(self._sealer, each.kind, each.body, now_ms, each.id) for each in found]

    # -- alarms ----------------------------------------------------------------------------

    async def _judge_all(self) -> None:
        now = self._clock()
        for account_id in sorted(self._watch.alarmed):
            account = self._account(account_id)
            if account:
                for alarm in account.all(MetricAlarm):
                    await self._judge_safely(account, alarm, now)

    async def _judge_safely(self, account: Account, alarm: MetricAlarm, now: datetime) -> None:
        try:
            await self._judge(account, alarm, now)
        except StoreFailure:
            raise
        except Exception:
            # INVARIANT: an alarm that cannot be judged holds no other one up.
            log.exception("an alarm could not be judged", extra={"id": alarm.name})

    async def _judge(self, account: Account, alarm: MetricAlarm, now: datetime) -> None:
        points = self._points(account, alarm)
        looked = (minute_of(now), points)
        place = (account.id, alarm.key)
        # A state set by hand, or a new alarm's, holds until the minute is over or something counts.
        before = self._looked.get(place, (minute_of(alarm.state.updated), {}))
        if looked == before:
            return
        verdict = judged(alarm.threshold, points, now, alarm.state.value)
        if verdict.state != alarm.state.value:
            await self._writer.write(account.id, lambda live: self._moved(live, alarm, points, now))
        self._looked[place] = looked

    def _points(self, account: Account, alarm: MetricAlarm) -> Points:
        own = account.at(("metric-points", series_key(alarm.metric)))
        counted = self._watch.counts_of(account.id).get(alarm.metric, {})
        return merged(counted, own.points) if isinstance(own, MetricPoints) else counted

    def _moved(self, live: Live, alarm: MetricAlarm, points: Points, now: datetime) -> Written:
        """The alarm in its new state, unless another node or somebody by hand was first."""
        current = live.account.at(("alarm", alarm.key))
        if current != alarm:
            return Written(live, None, ())
        verdict = judged(alarm.threshold, points, now, alarm.state.value)
        account, told = moved(live.account, alarm, verdict, now)
        posts = self._of_deliveries(told, int(now.timestamp() * 1000))
        return Written(replace(live, account=account), None, (), posts)


def _say(notices: Iterable[Notice]) -> None:
    for notice in notices:
        log.warning("%s", notice.subject.removeprefix("Doorward: "))
