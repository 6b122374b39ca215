"""Marks of many calls, counted together: while some are being stored the next ones gather."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor

from doorward.store.marks import Mark
from doorward.store.unit import Store


class Tallies:
    """Lives in the event loop."""

    def __init__(self, store: Store, executor: Executor) -> None:
        self._store = store
        self._executor = executor
        self._waiting: list[tuple[Sequence[Mark], asyncio.Future[list[int]]]] = []
        self._task: asyncio.Task[None] | None = None

    async def counts(self, batch: Sequence[Mark]) -> list[int]:
        """Count the batch up to its first mark beyond its most; the counts, once durable.

        Raises:
            StoreUnavailable: it may have been counted.
        """
        future: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, future))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await future

    async def first(self, mark: Mark) -> bool:
        """Whether nobody counted this mark before."""
        return await self.counts([mark]) == [1]

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            taken, self._waiting = self._waiting, []
            batches = [batch for batch, _ in taken]
            try:
                counts = await loop.run_in_executor(self._executor, self._store.tally, batches)
            except Exception as error:  # noqa: BLE001 - it is handed to those who wait
                for _, future in taken:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), found in zip(taken, counts, strict=True):
                if not future.done():
                    future.set_result(found)
        self._task = None
