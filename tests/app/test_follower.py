import asyncio

import pytest
from tests.app.stores import ACCOUNT, NOW, OTHER, TroubledStore

from doorward.account.model import User
from doorward.app import follower as module
from doorward.app.accounts import Accounts
from doorward.app.bootstrap import empty_live
from doorward.app.follower import Follower
from doorward.store.errors import StoreUnavailable
from doorward.store.unit import Row, Unit


@pytest.fixture
def store():
    return TroubledStore()


@pytest.fixture
def clock(monkeypatch):
    """Monotonic time that only moves when told to."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def names(accounts):
    return [user.name for user in accounts.get(ACCOUNT).account.all(User)]


def test_what_another_node_wrote_is_seen_after_following(store):
    accounts = Accounts(store, 10)
    assert names(accounts) == []
    store.elsewhere("ann")
    assert names(accounts) == []
    asyncio.run(Follower(store, accounts).follow())
    assert names(accounts) == ["ann"]


def test_an_account_made_elsewhere_is_learnt_of(store):
    accounts = Accounts(store, 10)
    store.commit([Unit(OTHER, 0, empty_live(OTHER, None, NOW).rows())])
    asyncio.run(Follower(store, accounts).follow())
    assert accounts.ids() == [ACCOUNT, OTHER]


def test_the_picture_ages_until_it_is_confirmed(store, clock):
    follower = Follower(store, Accounts(store, 10))
    assert follower.age_s == 0
    clock.now += 12
    assert follower.age_s == 12
    asyncio.run(follower.follow())
    assert follower.age_s == 0


def test_the_picture_is_as_old_as_the_question_not_as_the_answer(store, clock):
    accounts = Accounts(store, 10)
    follower = Follower(store, accounts)
    changed = store.changed

    def slow(known):
        clock.now += 5
        return changed(known)

    store.changed = slow
    asyncio.run(follower.follow())
    assert follower.age_s == 5


def test_a_store_that_cannot_be_read_ages_the_picture(store, clock):
    accounts = Accounts(store, 10)
    accounts.get(ACCOUNT)
    follower = Follower(store, accounts)
    store.elsewhere("ann")
    store.down = True
    clock.now += 12
    with pytest.raises(StoreUnavailable):
        asyncio.run(follower.follow())
    assert follower.age_s == 12
    assert names(accounts) == []


def test_polling_outlives_outages_and_surprises(store, monkeypatch, caplog):
    """A row this version cannot read must not end the polling: the node would never know why."""
    monkeypatch.setattr(module, "POLL_S", 0)
    accounts = Accounts(store, 10)
    accounts.get(ACCOUNT)
    follower = Follower(store, accounts)
    troubles = [StoreUnavailable("down"), KeyError("a kind of a later version"), None]
    changed, asked = store.changed, asyncio.Event()

    def troubled(known):
        trouble = troubles.pop(0) if troubles else None
        if trouble:
            raise trouble
        return changed(known)

    store.changed = troubled
    store.elsewhere("ann")
    merge = accounts.merge

    def merged(*arguments):
        merge(*arguments)
        asked.set()

    accounts.merge = merged

    async def work():
        task = asyncio.create_task(follower.run())
        async with asyncio.timeout(10):
            await asked.wait()
        task.cancel()

    asyncio.run(work())
    assert names(accounts) == ["ann"]
    assert "The store is not available: down" in caplog.text
    assert "a kind of a later version" in caplog.text


def test_a_row_of_a_kind_that_is_not_known_keeps_the_picture_old(store, clock):
    accounts = Accounts(store, 10)
    revision = accounts.get(ACCOUNT).revision
    store.commit([Unit(ACCOUNT, revision, (Row("of-tomorrow", "x", b"{}"),))])
    follower = Follower(store, accounts)
    clock.now += 3
    with pytest.raises(KeyError):
        asyncio.run(follower.follow())
    assert follower.age_s == 3
    assert accounts.revisions() == {ACCOUNT: revision}
