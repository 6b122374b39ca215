"""The delivery of one trail: plan, write, note, until nothing is left. Runs in a thread."""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from doorward.account.trail_delivery import Batch, DeliveryState
from doorward.account.trails import Trail
from doorward.app.delivery.batches import (
    Chosen,
    carried,
    chosen,
    due_windows,
    window_of,
)
from doorward.app.delivery.pages import Pages
from doorward.app.delivery.target import File, NotDelivered, Target
from doorward.store.unit import RecordRow, Store

log = logging.getLogger("doorward.delivery")
MOST_RECORDS = 10_000
MOST_BYTES = 16 * 1024 * 1024
FAR_MS = 10**15
READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys of an account's digests.

    Attributes:
        current: The fingerprint of the one that signs now; empty when there is none.
        private: The private key of a fingerprint.
    """

    current: str = ""
    private: Callable[[str], bytes | None] = lambda _fingerprint: None


class LostRace(Exception):  # noqa: N818 - what happened
    """Another node went on with this trail."""


def state_name(trail_id: str) -> str:
    """The setting that holds how far a trail's delivery has come."""
    return f"trail-delivery/{trail_id}"


def read_state(store: Store, trail_id: str) -> DeliveryState | None:
    """How far the delivery of a trail has come; None before its first."""
    return _decoded(store.get_setting(state_name(trail_id)))


@dataclass(frozen=True, slots=True)
class Course:
    """One trail in one round.

    Attributes:
        account: Whose trail it is.
        digest_s: How long the span of a digest is.
    """

    store: Store
    target: Target
    account: str
    trail: Trail
    now: datetime
    pages: Pages
    signer: Signer
    digest_s: int

    def run(self) -> bool:
        """Deliver everything there is; whether the trail has nothing left to deliver ever.

        Raises:
            NotDelivered: the rest waits for the next round.
            LostRace: another node is at it.
        """
        kept, state = self._read()
        while True:
            if state.batch:
                state = self._carried_out(kept, state, state.batch)
            state = replace(state, window=window_of(self.trail, state, self.now, self.digest_s))
            state = self._planned(state)
            kept = self._put(kept, state)
            if state.batch is None:
                return state.window is None and not self.trail.is_logging

    def _read(self) -> tuple[bytes | None, DeliveryState]:
        kept = self.store.get_setting(state_name(self.trail.trail_id))
        return kept, _decoded(kept) or DeliveryState(cursor=self._beginning())

    def _put(self, kept: bytes | None, state: DeliveryState) -> bytes:
        fresh = msgspec.json.encode(state)
        name = state_name(self.trail.trail_id)
        if fresh != kept and not self.store.put_setting(name, fresh, kept):
            raise LostRace(self.trail.name)
        return fresh

    def _beginning(self) -> int:
        """The sequence number before the first record since the trail began to log."""
        start_ms = int(self.trail.spans[0].start.timestamp() * 1000)
        first, before = self.pages.newest + 1, None
        while True:
            found = self.store.find_records(
                self.account,
                start_ms=start_ms,
                end_ms=FAR_MS,
                attribute=None,
                limit=READ_AT_ONCE,
                before=before,
            )
            first = min([first, *(sequence for sequence, _ in found)])
            if len(found) < READ_AT_ONCE:
                return first - 1
            before = (found[-1][1].at, found[-1][0])

    def _planned(self, state: DeliveryState) -> DeliveryState:
        """The state with the next batch in it, or with a cursor at the end."""
        last, count, size = state.cursor, 0, 0
        for page in self.pages.after(state.cursor):
            found = chosen(self.trail, self._own(page))
            last, count = page[-1][0], count + len(found)
            size += sum(len(body) for _, body in found)
            if count >= MOST_RECORDS or size >= MOST_BYTES:
                break
        else:
            last = max(last, self.pages.newest)
        windows: tuple[datetime, ...] = ()
        if self.signer.current:
            windows = due_windows(self.trail, state, self.now, self.digest_s)
        if not count and not windows:
            return replace(state, cursor=last)
        batch = Batch(
            trail=self.trail,
            at=self.now,
            first=state.cursor,
            last=last,
            count=count,
            seed=secrets.token_hex(16),
            windows=windows,
            digest_s=self.digest_s,
            fingerprint=self.signer.current,
        )
        return replace(state, batch=batch)

    def _carried_out(self, kept: bytes | None, state: DeliveryState, batch: Batch) -> DeliveryState:
        private = self.signer.private(batch.fingerprint)
        if private is None and batch.windows:
            # The key has grown old while the target was away; without any, no digest is due.
            private = self.signer.private(self.signer.current)
            windows = batch.windows if private else ()
            batch = replace(batch, fingerprint=self.signer.current, windows=windows)
        records = self._records(batch)
        done = carried(state, batch, self.account, records, private or b"")
        failed = replace(state, attempted=self.now)
        self._deliver(kept, done.logs, lambda code: _both_failed(failed, code))
        self._deliver(kept, done.digests, lambda code: replace(failed, error="", digest_error=code))
        return replace(done.after, attempted=self.now)

    def _records(self, batch: Batch) -> Chosen:
        found: Chosen = []
        for page in self.pages.after(batch.first, batch.last):
            found += chosen(batch.trail, self._own(page))
        if len(found) != batch.count:
            log.error(
                "trail %s of account %s: %s of %s planned records are in the store",
                batch.trail.name,
                self.account,
                len(found),
                batch.count,
            )
        return found

    def _own(self, page: Sequence[tuple[int, RecordRow]]) -> list[RecordRow]:
        return [row for _, row in page if row.account == self.account]

    def _deliver(
        self,
        kept: bytes | None,
        files: Sequence[File],
        failed: Callable[[str], DeliveryState],
    ) -> None:
        for file in files:
            try:
                self.target.put(file)
            except NotDelivered as error:
                self._put(kept, failed(error.code))
                raise


def _both_failed(state: DeliveryState, code: str) -> DeliveryState:
    """Files of records come first; while they wait, digests that are due wait as well."""
    waits = bool(state.batch and state.batch.windows)
    return replace(state, error=code, digest_error=code if waits else state.digest_error)


def _decoded(kept: bytes | None) -> DeliveryState | None:
    return msgspec.json.decode(kept, type=DeliveryState) if kept else None
