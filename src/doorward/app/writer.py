"""Changes of accounts, one after another, many in one transaction.

Callers hand in a job; the jobs of one account run in order on a draft of its value, and the
draft's rows and their records are stored in one transaction before anybody sees the change or
gets an answer. While one batch is being stored the next one gathers: that is group commit. When
another node wrote first, the batch is run again on the newer value.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from doorward.app.accounts import Accounts
from doorward.app.live import Live
from doorward.store.errors import Conflict, StoreUnavailable
from doorward.store.posts import Post
from doorward.store.unit import RecordRow, Store, Unit

GIVE_UP_S = 10.0
LARGEST_BATCH = 256


@dataclass(frozen=True, slots=True)
class Written:
    """What a job came to: the account after it, its answer, the records to keep, and posts."""

    live: Live
    answer: Any
    records: Sequence[RecordRow]
    posts: Sequence[Post] = ()


Job = Callable[[Live], Written]
Outcome = Written | Exception


class Writer:
    """The one road by which accounts change on this node. Lives in the event loop."""

    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        executor: Executor,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._executor = executor
        self._seconds = seconds
        self._waiting: dict[str, deque[tuple[Job, asyncio.Future[Any]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def write(self, account_id: str, job: Job) -> Any:
        """Run the job on the account; its answer, once what it did is durable.

        Raises:
            StoreUnavailable: nobody sees a change; whether it was stored is known to the next
                write, which begins with what the store holds.
            Exception: what the job raised; nothing of it was stored.
        """
        future = asyncio.get_running_loop().create_future()
        queue = self._waiting.get(account_id)
        if queue is not None:
            queue.append((job, future))
        else:
            self._waiting[account_id] = deque([(job, future)])
            task = asyncio.create_task(self._drain(account_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def finish(self) -> None:
        """Wait for everything handed in."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _drain(self, account_id: str) -> None:
        queue = self._waiting[account_id]
        while queue:
            batch = [queue.popleft() for _ in range(min(len(queue), LARGEST_BATCH))]
            try:
                await self._store_batch(account_id, batch)
            except Exception as error:  # noqa: BLE001 - it is handed to those who wait
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
        del self._waiting[account_id]

    async def _store_batch(
        self, account_id: str, batch: Sequence[tuple[Job, asyncio.Future[Any]]]
    ) -> None:
        loop = asyncio.get_running_loop()
        # A busy account may be won by other nodes many times in a row: patience is time, not tries.
        given_up = self._seconds() + GIVE_UP_S
        while self._seconds() < given_up:
            live = self._accounts.get(account_id)
            if live is None:
                raise StoreUnavailable(f"account {account_id} is gone")
            after, outcomes = _run(live, [job for job, _ in batch])
            unit = _unit(live, after, outcomes)
            try:
                revisions = await loop.run_in_executor(self._executor, self._store.commit, [unit])
            except Conflict:
                rows = await loop.run_in_executor(
                    self._executor, self._store.read, account_id, live.revision
                )
                self._accounts.merge(account_id, *rows)
                continue
            self._accounts.publish(after.settled(revisions.get(account_id, live.revision)))
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                _tell(future, outcome)
            return
        raise StoreUnavailable("the account changes faster than this node can follow")


def _run(live: Live, jobs: Sequence[Job]) -> tuple[Live, list[Outcome]]:
    outcomes: list[Outcome] = []
    for job in jobs:
        try:
            done = job(live)
        except Exception as error:  # noqa: BLE001 - it is its caller's; the others go on
            outcomes.append(error)
        else:
            live = done.live
            outcomes.append(done)
    return live, outcomes


def _unit(before: Live, after: Live, outcomes: Sequence[Outcome]) -> Unit:
    written = [outcome for outcome in outcomes if isinstance(outcome, Written)]
    records = tuple(record for done in written for record in done.records)
    posts = tuple(post for done in written for post in done.posts)
    return Unit(before.account.id, before.revision, after.rows(), records, posts)


def _tell(future: asyncio.Future[Any], outcome: Outcome) -> None:
    if future.done():
        return
    if isinstance(outcome, Written):
        future.set_result(outcome.answer)
    else:
        future.set_exception(outcome)
