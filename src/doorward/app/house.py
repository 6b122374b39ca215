"""The assembly: one Doorward, from its store up to its pipeline."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from doorward.app.accounts import Accounts
from doorward.app.alarms.worker import Alarms
from doorward.app.bootstrap import MAIN, first_start
from doorward.app.codes import Codes
from doorward.app.config import Settings, read_settings, words
from doorward.app.control import Control
from doorward.app.counters import FailureLimits
from doorward.app.delivery.targets import target_of
from doorward.app.delivery.worker import Delivery
from doorward.app.desk import HouseDesk
from doorward.app.failures import Failures
from doorward.app.follower import Follower
from doorward.app.identify import Identity
from doorward.app.keyring import open_ring
from doorward.app.mail import mail_server
from doorward.app.old_reports import prune_reports
from doorward.app.pipeline import STALE_READ_S, Pipeline
from doorward.app.recorder import Recorder
from doorward.app.seed import Seed
from doorward.app.sender import Sender
from doorward.app.signin.names import Names
from doorward.app.tallies import Tallies
from doorward.app.uses import Uses
from doorward.app.writer import Writer
from doorward.store import open_store
from doorward.store.errors import StoreUnavailable
from doorward.store.key_sources import key_source
from doorward.store.memory import MemoryStore, Snapshot
from doorward.store.rotation import open_sealer
from doorward.store.sealed import MasterKeys, Sealer
from doorward.store.unit import Store
from doorward.trail.alarms_built_in import chosen

log = logging.getLogger("doorward")
USES_FLUSH_S = 20
PRUNE_S = 3600
HASHES_AT_ONCE = 4
"""Each takes 64 MiB: who sends many passwords at once must not take all memory."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to open.

    Attributes:
        directory: Where keys and, without a database, the store live; None = all in memory.
        database: A PostgreSQL URL, or None.
        account: The main account's id for a first start; random when None.
    """

    directory: Path | None = None
    database: str | None = None
    account: str | None = None
    seed: Seed | None = None
    settings: Settings = field(default_factory=read_settings)
    clock: Callable[[], datetime] = utc_now


class House:
    """One running Doorward. `start` and `stop` belong to the event loop that serves it."""

    def __init__(self, plan: Plan) -> None:
        self.settings = plan.settings
        self.clock = plan.clock
        self._directory = plan.directory
        self._shared = plan.database is not None
        self.store: Store = open_store(plan.database or plan.directory)
        try:
            self.sealer = _sealer(self.store, plan.directory)
            self.first = first_start(self.store, self.sealer, plan.seed, plan.account, plan.clock())
            self._assemble()
        except BaseException:
            self.store.close()
            raise
        self._fresh: Snapshot | None = None
        if isinstance(self.store, MemoryStore):
            self._fresh = self.store.snapshot()

    @property
    def main_account(self) -> str:
        """The account made by the first start."""
        return (self.store.get_setting(MAIN) or b"").decode()

    @property
    def root_email(self) -> str:
        """The e-mail address of the main account's root user."""
        live = self.accounts.get(self.main_account)
        return live.account.profile.email if live else ""

    def _assemble(self) -> None:
        settings = self.settings
        self.executor = ThreadPoolExecutor(1, "doorward-writer")
        self.accounts = Accounts(self.store, settings["accounts.in_memory"])
        self.writer = Writer(self.store, self.accounts, self.executor)
        self.recorder = Recorder(self.store, self.executor, flush_ms=settings["trail.flush_ms"])
        self.uses = Uses(self.accounts)
        self.follower = Follower(self.store, self.accounts) if self._shared else None
        self.tallies = Tallies(self.store, self.executor)
        self.failures = Failures(self.store)
        self.names = Names(self.store)
        self.hashing = asyncio.Semaphore(HASHES_AT_ONCE)
        self.target = target_of(settings, self._directory)
        self.delivery = Delivery(
            store=self.store,
            accounts=self.accounts,
            writer=self.writer,
            sealer=self.sealer,
            target=self.target,
            clock=self.clock,
            digest_s=max(1, settings["trail.digest_s"]),
        )
        server = mail_server(settings.values)
        alone = not self._shared
        self.sender = Sender(self.store, self.sealer, server, self.clock, alone=alone)
        self.alarms = Alarms(
            store=self.store,
            accounts=self.accounts,
            writer=self.writer,
            sealer=self.sealer,
            clock=self.clock,
            built_in=chosen(
                words(settings["alarms.built_in"]), root_activity=settings["alarms.root_activity"]
            ),
            mails=server is not None,
        )
        ring = open_ring(self.store, self.sealer)
        self.pipeline = Pipeline(
            accounts=self.accounts,
            identity=Identity(self.accounts, self.sealer, ring, settings),
            limits=FailureLimits(settings["http.failures_per_minute"]),
            failures=self.failures,
            codes=Codes(self.tallies, self.failures, self.sealer),
            settings=settings.values,
            writer=self.writer,
            recorder=self.recorder,
            uses=self.uses,
            follower=self.follower,
            desk=HouseDesk(self.accounts, self.store, ring, target=self.target),
            sealer=self.sealer,
            clock=self.clock,
            hashing=self.hashing,
            main_account=self.main_account,
            explain=settings["decision.explain_in_message"],
            strict_trail=settings["trail.strict"],
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin what runs beside the calls."""
        if self._directory:
            self.spawn(Control(self, self._directory).run())
        self.spawn(self.sender.run())
        self.spawn(self.alarms.run())
        self.spawn(_every(USES_FLUSH_S, self._flush_uses))
        self.spawn(_every(PRUNE_S, self._prune))
        self.spawn(_every(max(1, self.settings["trail.delivery_s"]), self.delivery.round))
        if self.follower:
            self.spawn(self.follower.run())

    async def stop(self) -> None:
        """Finish what was begun and store what waits."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._flush_uses()
            await self.writer.finish()
            await self.recorder.stop()
        except StoreUnavailable as error:
            log.error("the last records are lost: %s", error)  # noqa: TRY400
        finally:
            self.executor.shutdown()
            self.store.close()

    def is_ready(self) -> bool:
        """This node's picture is fresh enough to answer calls."""
        return self.follower is None or self.follower.age_s < STALE_READ_S

    async def reset(self) -> None:
        """Back to the state of the first start; only in memory."""
        assert isinstance(self.store, MemoryStore)  # noqa: S101 - the endpoint asks first
        assert self._fresh is not None  # noqa: S101 - as above
        await self.recorder.flush()
        # INVARIANT: nothing is awaited from here on. A change stored before and told after the
        # store was put back would be seen on this node and nowhere else.
        await self.writer.finish()
        self.uses.forget_all()
        self.store.restore(self._fresh)
        self.accounts.forget_all()
        self.alarms.forget_all()
        self.names.forget_all()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task until the house stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _flush_uses(self) -> None:
        await self.uses.flush(self.writer)

    async def _prune(self) -> None:
        kept = timedelta(days=self.settings["trail.retention_days"])
        before_ms = int((self.clock() - kept).timestamp() * 1000)
        waiting = await asyncio.to_thread(self.delivery.oldest_undelivered)
        if waiting is not None and waiting < before_ms:
            log.error("records older than %s are kept: a trail has not delivered them", kept)
            before_ms = waiting
        # Not on the writer's thread: between two pieces of a long pruning, writers have their turn.
        await asyncio.to_thread(self.store.prune_records, before_ms)
        await asyncio.to_thread(self.failures.prune, self.clock())
        await prune_reports(self.accounts, self.writer, self.clock())


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            log.exception("a background task failed; it is tried again")


def _sealer(store: Store, directory: Path | None) -> Sealer:
    if directory is None:
        return Sealer(MasterKeys.fresh())
    return open_sealer(store, key_source(directory))
