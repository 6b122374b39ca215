import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.app.stores import TroubledStore, a_record, stored_records

from doorward.app import recorder as module
from doorward.app.recorder import Recorder
from doorward.store.errors import StoreUnavailable

NEVER_MS = 10**9


@pytest.fixture
def store():
    return TroubledStore()


def run(store, work, flush_ms=NEVER_MS):
    async def inside():
        with ThreadPoolExecutor(1) as executor:
            return await work(Recorder(store, executor, flush_ms=flush_ms))

    return asyncio.run(inside())


async def until(happened):
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 - it happens in another thread
            await asyncio.sleep(0.001)


async def appended(store, count):
    """Wait until the store was asked that many times."""
    await until(lambda: len(store.appended) >= count)


def test_records_of_a_moment_are_stored_together(store):
    async def work(recorder):
        for name in "abc":
            recorder.record(a_record(name))
        before = list(store.appended)
        await appended(store, 1)
        recorder.record(a_record("d"))
        await appended(store, 2)
        return before

    assert run(store, work, flush_ms=1) == []
    assert [[row.event_name for row in rows] for rows in store.appended] == [["a", "b", "c"], ["d"]]


def test_one_that_is_waited_for_is_stored_at_once_with_those_before_it(store):
    async def work(recorder):
        recorder.record(a_record("a"))
        await recorder.recorded(a_record("b"))
        found = stored_records(store)
        await recorder.stop()
        return found

    assert run(store, work) == ["a", "b"]


def test_stopping_stores_what_waits(store):
    async def work(recorder):
        recorder.record(a_record("a"))
        await recorder.stop()

    run(store, work)
    assert stored_records(store) == ["a"]


def test_stopping_waits_for_what_is_being_stored(store):
    async def work(recorder):
        store.open.clear()
        recorder.record(a_record("a"))
        await asyncio.to_thread(store.entered.wait, 10)
        stopping = asyncio.create_task(recorder.stop())
        await asyncio.sleep(0)
        done = stopping.done()
        store.open.set()
        await stopping
        return done

    assert run(store, work, flush_ms=0) is False
    assert stored_records(store) == ["a"]


def test_without_a_store_records_wait_in_order_until_it_is_back(store, caplog):
    async def work(recorder):
        store.down = True
        recorder.record(a_record("a"))
        with pytest.raises(StoreUnavailable):
            await recorder.recorded(a_record("b"))
        await until(lambda: "records wait" in caplog.text)
        store.down = False
        await appended(store, 1)
        recorder.record(a_record("c"))
        await recorder.stop()

    run(store, work, flush_ms=1)
    assert stored_records(store) == ["a", "b", "c"]


def test_what_the_store_refuses_otherwise_is_not_dropped_either(store, caplog):
    append = store.append

    def broken(_records):
        store.append = append
        raise KeyError("a bug")

    async def work(recorder):
        store.append = broken
        recorder.record(a_record("a"))
        await appended(store, 1)

    run(store, work, flush_ms=1)
    assert stored_records(store) == ["a"]
    assert "a bug" in caplog.text


def test_one_that_was_waited_for_in_vain_is_stored_later_without_being_asked(store):
    async def work(recorder):
        store.down = True
        with pytest.raises(StoreUnavailable):
            await recorder.recorded(a_record("a"))
        store.down = False
        await appended(store, 1)

    run(store, work, flush_ms=1)
    assert stored_records(store) == ["a"]


def test_stopping_without_a_store_says_so_and_leaves_no_task(store):
    async def work(recorder):
        store.down = True
        recorder.record(a_record("a"))
        with pytest.raises(StoreUnavailable):
            await recorder.stop()
        await asyncio.sleep(0)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert run(store, work) == set()


def test_when_too_many_wait_the_next_is_refused_and_none_is_dropped(store, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 2)

    async def work(recorder):
        recorder.record(a_record("a"))
        recorder.record(a_record("b"))
        with pytest.raises(StoreUnavailable, match="2 records wait"):
            recorder.record(a_record("c"))
        await recorder.stop()

    run(store, work)
    assert stored_records(store) == ["a", "b"]


def test_nothing_to_store_asks_the_store_nothing(store):
    run(store, lambda recorder: recorder.flush())
    assert store.appended == []
