"""The task of the house that delivers: every trail of every account, round after round."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from doorward.account.trails import DigestKey, Trail, digest_key_place
from doorward.app.accounts import Accounts
from doorward.app.delivery.course import Course, LostRace, Signer, read_state, state_name
from doorward.app.delivery.pages import Pages
from doorward.app.delivery.target import NotDelivered, Target
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.app.writer import Writer, Written
from doorward.store.sealed import Sealer
from doorward.store.unit import Store
from doorward.trail.delivery import whole_second
from doorward.trail.digest_keys import BITS, fingerprint, private_bytes, public_bytes

log = logging.getLogger("doorward.delivery")
KEY_LIFE = timedelta(days=30)
GRACE = timedelta(days=1)
"""How long a deleted trail is tried again, and how long an old key is kept for what waits."""
AT_ONCE = 4
MARGIN_MS = 3_600_000
"""How far apart the clocks of nodes may be, as far as pruning goes."""
TRAIL = "trail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Delivers. Lives in the event loop; stores and targets are spoken to in threads."""

    store: Store
    accounts: Accounts
    writer: Writer
    sealer: Sealer
    target: Target
    clock: Callable[[], datetime]
    digest_s: int

    async def round(self) -> None:
        """Deliver what there is, of every trail; what fails waits for the next round."""
        now = self.clock()
        holders = await asyncio.to_thread(self.store.accounts_with, TRAIL)
        if not holders:
            return
        pages = await asyncio.to_thread(Pages, self.store)
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._account(each, now, pages, gate) for each in holders))

    async def _account(
        self, account_id: str, now: datetime, pages: Pages, gate: asyncio.Semaphore
    ) -> None:
        async with gate:
            await self.accounts.fetch(account_id)
            live = self.accounts.get(account_id)
            trails = [each for each in live.account.all(Trail) if each.spans] if live else []
            if live is None or not trails:
                return
            if any(each.validation for each in trails) and _current(live, now) is None:
                live = await self._with_key(account_id, now)
            signer = _signer(live, self.sealer, now)
            for trail in trails:
                await self._trail(account_id, trail, now, pages, signer)

    async def _trail(
        self, account_id: str, trail: Trail, now: datetime, pages: Pages, signer: Signer
    ) -> None:
        course = Course(
            self.store, self.target, account_id, trail, now, pages, signer, self.digest_s
        )
        over = False
        try:
            over = await asyncio.to_thread(course.run)
        except LostRace:
            log.info("another node delivers trail %s of account %s", trail.name, account_id)
        except NotDelivered as error:
            log.error("trail %s of account %s waits: %s", trail.name, account_id, error)  # noqa: TRY400
        except Exception:
            # INVARIANT: what is wrong with one trail holds up no other.
            log.exception("trail %s of account %s waits", trail.name, account_id)
        if trail.deleted and (over or now > trail.deleted + GRACE):
            await self._forget(account_id, trail, complete=over)

    async def _forget(self, account_id: str, trail: Trail, *, complete: bool) -> None:
        """A deleted trail has delivered everything, or had a day for it."""
        if not complete:
            log.error("trail %s of account %s was deleted undelivered", trail.name, account_id)

        def job(live: Live) -> Written:
            there = live.account.at((TRAIL, trail.key))
            account = live.account.drop(there) if there else live.account
            return Written(replace(live, account=account), None, ())

        await self.writer.write(account_id, job)
        await asyncio.to_thread(self._empty, trail.trail_id)

    def _empty(self, trail_id: str) -> None:
        kept = self.store.get_setting(state_name(trail_id))
        self.store.put_setting(state_name(trail_id), b"", kept)

    async def _with_key(self, account_id: str, now: datetime) -> Live:
        """The account with a key that signs from now on; keys that are long over are gone."""
        made = await asyncio.to_thread(generate_private_key, 65537, BITS)
        private = private_bytes(made)
        public = public_bytes(private)
        start = whole_second(now)
        key = DigestKey(
            fingerprint=fingerprint(public), public=public, start=start, end=start + KEY_LIFE
        )

        def job(live: Live) -> Written:
            if _current(live, now):
                return Written(live, live, ())
            vault = AccountVault(live, self.sealer)
            vault.put(digest_key_place(key.fingerprint), private)
            for old in live.account.all(DigestKey):
                if old.end + GRACE < now:
                    vault.drop(digest_key_place(old.fingerprint))
            after = replace(vault.live, account=live.account.put(key))
            return Written(after, after, ())

        written: Live = await self.writer.write(account_id, job)
        return written

    def oldest_undelivered(self) -> int | None:
        """The time of the oldest record, in milliseconds, that a trail may still deliver."""
        newest = self.store.newest_record()
        found = [
            at
            for account_id in self.store.accounts_with(TRAIL)
            if (live := self.accounts.get(account_id))
            for trail in live.account.all(Trail)
            if trail.spans and (at := self._oldest_of(trail, newest)) is not None
        ]
        return min(found, default=None)

    def _oldest_of(self, trail: Trail, newest: int) -> int | None:
        state = read_state(self.store, trail.trail_id)
        if state is None:
            return int(trail.spans[0].start.timestamp() * 1000)
        rows = self.store.records_after(state.cursor, newest, 1)
        return rows[0][1].at - MARGIN_MS if rows else None


def _current(live: Live, now: datetime) -> DigestKey | None:
    keys = [key for key in _usable(live) if key.start <= now < key.end]
    return max(keys, key=lambda key: key.start, default=None)


def _usable(live: Live) -> list[DigestKey]:
    """The keys that can sign; an import without secrets brings others."""
    return [
        key
        for key in live.account.all(DigestKey)
        if digest_key_place(key.fingerprint) in live.secrets
    ]


def _signer(live: Live, sealer: Sealer, now: datetime) -> Signer:
    vault = AccountVault(live, sealer)
    newest = max(_usable(live), key=lambda key: key.start, default=None)
    key = _current(live, now) or newest
    return Signer(
        key.fingerprint if key else "",
        lambda fingerprint: vault.get(digest_key_place(fingerprint)),
    )
