"""Records of calls that changed nothing: gathered in memory, stored a moment later."""

import asyncio
import logging
from concurrent.futures import Executor

from doorward.store.errors import StoreUnavailable
from doorward.store.unit import RecordRow, Store

log = logging.getLogger("doorward.trail")
MOST_WAITING = 100_000


class Recorder:
    """Lives in the event loop; `record` never blocks, `recorded` waits until it is stored."""

    def __init__(self, store: Store, executor: Executor, *, flush_ms: int) -> None:
        self._store = store
        self._executor = executor
        self._flush_s = flush_ms / 1000
        self._waiting: list[RecordRow] = []
        self._flushing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def record(self, row: RecordRow) -> None:
        """Keep a record; it is stored with the others of this moment.

        Raises:
            StoreUnavailable: too many wait; nothing is answered whose record could be lost.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise StoreUnavailable(f"{MOST_WAITING} records wait")
        self._waiting.append(row)
        self._see_to_it()

    async def recorded(self, row: RecordRow) -> None:
        """Keep a record and wait until it is stored.

        Raises:
            StoreUnavailable: it waits on, or too many do.
        """
        self.record(row)
        await self.flush()

    async def flush(self) -> None:
        """Store what waits.

        Raises:
            Exception: nothing of it was stored, for want of the store or otherwise; it waits on.
        """
        async with self._flushing:
            rows, self._waiting = self._waiting, []
            if not rows:
                return
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._executor, self._store.append, rows)
            except Exception:
                self._waiting = rows + self._waiting
                self._see_to_it()
                raise

    async def stop(self) -> None:
        """Store what waits, now.

        Raises:
            StoreUnavailable: it is lost.
        """
        try:
            await self.flush()
        finally:
            if self._task:
                self._task.cancel()

    def _see_to_it(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._flush_soon())

    async def _flush_soon(self) -> None:
        await asyncio.sleep(self._flush_s)
        self._task = None
        try:
            await self.flush()
        except StoreUnavailable as error:
            log.error("records wait, the store does not answer: %s", error)  # noqa: TRY400
        except Exception:
            log.exception("records wait")
