import asyncio
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from tests.app.asking import Keys, admin_of, events, new_key, signed
from tests.app.stores import a_record, stored_records

from doorward.app import house as module
from doorward.app.config import read_settings
from doorward.app.house import House, Plan
from doorward.store import open_read_only
from doorward.store.errors import KeyMissing, StoreUnavailable
from doorward.store.sqlite import SqliteStore


def a_house(directory, **settings):
    arguments = [f"{name}={value}" for name, value in settings.items()]
    return House(Plan(directory=directory, settings=read_settings(arguments=arguments)))


def lived(house, work=None):
    """Start the house, do the work, stop it."""

    async def life():
        await house.start()
        try:
            return await work() if work else None
        finally:
            await house.stop()

    return asyncio.run(life())


def test_a_second_start_finds_the_first(tmp_path):
    first = a_house(tmp_path)
    accounts = [first.main_account]
    lived(first)
    second = a_house(tmp_path)
    accounts.append(second.main_account)
    lived(second)
    assert second.first is None
    assert accounts[0] == accounts[1] == first.first.account


def test_stopping_stores_uses_and_records(tmp_path):
    house = a_house(tmp_path)
    keys = Keys(*house.first.admin)

    async def work():
        return await house.pipeline.answer(signed(keys, "iam", "ListUsers"))

    assert lived(house, work).status == 200
    with closing(open_read_only(tmp_path)) as store:
        found = stored_records(store, house.first.account)
        kinds = {row.kind: row.key for row in store.read(house.first.account)[1]}
    assert found == ["ListUsers"]
    assert kinds["activity"] == keys.key_id


def test_stopping_waits_for_changes_under_way(tmp_path):
    house = a_house(tmp_path)
    keys = Keys(*house.first.admin)

    async def work():
        await house.pipeline.answer(signed(keys, "iam", "ListUsers"))
        await house.recorder.flush()
        task = asyncio.create_task(
            house.pipeline.answer(signed(keys, "iam", "CreateUser", UserName="ann"))
        )
        await asyncio.sleep(0)  # it has handed in its change
        return task

    task = lived(house, work)
    assert task.result().status == 200
    with closing(open_read_only(tmp_path)) as store:
        assert ("user", "ann") in [
            (row.kind, row.key) for row in store.read(house.first.account)[1]
        ]


def test_stopping_without_a_store_lets_go_of_the_directory_and_says_what_is_lost(
    tmp_path, monkeypatch, caplog
):
    house = a_house(tmp_path)

    def down(_records):
        raise StoreUnavailable("down")

    async def work():
        monkeypatch.setattr(house.store, "append", down)
        house.recorder.record(a_record("lost", house.main_account))

    lived(house, work)
    assert "the last records are lost" in caplog.text
    SqliteStore(tmp_path).close()


def test_a_start_that_fails_lets_go_of_the_directory(tmp_path):
    lived(a_house(tmp_path))
    (tmp_path / "master.key").unlink()
    for _ in range(2):
        with pytest.raises(KeyMissing):
            a_house(tmp_path)


def test_what_runs_beside_the_calls_outlives_its_errors(caplog):
    done = asyncio.Event()
    times = []

    async def work():
        times.append(1)
        if len(times) == 1:
            raise RuntimeError("once")
        done.set()

    async def life():
        task = asyncio.create_task(module._every(0, work))
        async with asyncio.timeout(10):
            await done.wait()
        task.cancel()

    asyncio.run(life())
    assert "once" in caplog.text


def test_old_records_are_forgotten(house):
    new_key(house, "ann")
    house.clock.advance(days=89)
    house.run(house.house._prune())
    assert {event["eventName"] for event in events(house)} == {"CreateUser", "CreateAccessKey"}
    house.clock.advance(days=2)
    house.run(house.house._prune())
    assert events(house) == []


def test_reset_waits_for_what_is_being_written(house):
    house.iam.list_users()

    async def work():
        request = signed(admin_of(house), "iam", "CreateUser", UserName="ann")
        task = asyncio.create_task(house.house.pipeline.answer(request))
        await asyncio.sleep(0)
        await house.house.reset()
        return await task

    assert house.run(work()).status == 200
    live = house.house.accounts.get(house.account_id)
    assert live.account.user("ann") is None
    assert events(house) == []


def test_a_change_that_comes_during_a_reset_is_not_told_after_it(house, monkeypatch):
    """It is stored while the reset waits for something else; the reset must wait for it too."""
    store, recorder = house.house.store, house.house.recorder
    stored, restored = threading.Event(), threading.Event()
    commit, restore, flush = store.commit, store.restore, recorder.flush

    def late(units):
        moved = commit(units)
        stored.set()
        restored.wait(0.1)  # by then a reset that waits for nobody is over
        return moved

    def noted(snapshot):
        restore(snapshot)
        restored.set()

    async def work():
        request = signed(admin_of(house), "iam", "CreateUser", UserName="ann")
        calls = []

        async def interrupted():
            await flush()
            calls.append(asyncio.create_task(house.house.pipeline.answer(request)))
            await asyncio.to_thread(stored.wait, 10)

        monkeypatch.setattr(recorder, "flush", interrupted)
        await house.house.reset()
        return (await calls[0]).status

    monkeypatch.setattr(store, "commit", late)
    monkeypatch.setattr(store, "restore", noted)
    assert house.run(work()) == 200
    monkeypatch.undo()
    assert house.house.accounts.get(house.account_id).account.user("ann") is None
    house.iam.create_user(UserName="ann")


def test_last_uses_are_gone_after_a_reset(house):
    key = new_key(house, "ann")
    house.answer(signed(key, "sts", "GetCallerIdentity"))
    house.reset()
    assert house.house.uses._waiting == {}


def test_a_last_use_is_told(house):
    key = new_key(house, "ann")
    house.clock.advance(hours=1)
    house.answer(signed(key, "sts", "GetCallerIdentity"))
    used = house.iam.get_access_key_last_used(AccessKeyId=key.key_id)["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("sts", "us-east-1")
    assert house.clock() - used["LastUsedDate"] < timedelta(minutes=1)


def test_the_time_is_aware():
    assert module.utc_now().utcoffset() == timedelta()
