import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from doorward.app.tallies import Tallies
from doorward.store.errors import StoreUnavailable
from doorward.store.marks import Mark
from doorward.store.memory import MemoryStore

FAR = 10**15


class Slow(MemoryStore):
    """A store that waits before it counts, and knows how many batches came at once."""

    def __init__(self):
        super().__init__()
        self.open = threading.Event()
        self.sizes = []
        self.down = False

    def tally(self, batches):
        self.open.wait(10)
        self.sizes.append(len(batches))
        if self.down:
            raise StoreUnavailable("down")
        return super().tally(batches)


def run(store, work):
    async def inside():
        with ThreadPoolExecutor(1) as executor:
            return await work(Tallies(store, executor))

    return asyncio.run(inside())


def test_of_many_at_once_one_is_first_and_they_share_a_transaction():
    store = Slow()

    async def work(tallies):
        tasks = [asyncio.create_task(tallies.first(Mark("code", 1, FAR))) for _ in range(10)]
        await asyncio.sleep(0)
        store.open.set()
        return await asyncio.gather(*tasks)

    assert sorted(run(store, work)) == [False] * 9 + [True]
    assert store.sizes == [10]


def test_what_comes_while_others_are_stored_goes_with_the_next():
    store = Slow()

    async def work(tallies):
        first = asyncio.create_task(tallies.counts([Mark("a", 1, FAR)]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        rest = [asyncio.create_task(tallies.counts([Mark("a", 1, FAR, 9)])) for _ in range(3)]
        await asyncio.sleep(0)
        store.open.set()
        return await asyncio.gather(first, *rest)

    assert run(store, work) == [[1], [2], [3], [4]]
    assert store.sizes == [1, 3]


def test_without_a_store_everybody_is_told_and_the_next_is_served():
    store = Slow()
    store.open.set()

    async def work(tallies):
        store.down = True
        found = await asyncio.gather(
            *(tallies.first(Mark("a", 1, FAR)) for _ in range(2)), return_exceptions=True
        )
        store.down = False
        return found, await tallies.first(Mark("a", 1, FAR))

    found, after = run(store, work)
    assert [type(each) for each in found] == [StoreUnavailable] * 2
    assert after


def test_who_no_longer_waits_is_counted_all_the_same():
    store = Slow()

    async def work(tallies):
        gone = asyncio.create_task(tallies.first(Mark("a", 1, FAR)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        store.open.set()
        return await tallies.first(Mark("a", 1, FAR))

    assert not run(store, work)
