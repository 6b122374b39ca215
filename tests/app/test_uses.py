import asyncio
from datetime import timedelta

import pytest
from tests.app.stores import ACCOUNT, NOW, OTHER, TroubledStore

from doorward.account.activity import Use
from doorward.app.accounts import Accounts
from doorward.app.bootstrap import empty_live
from doorward.app.live import read_live
from doorward.app.uses import Uses
from doorward.app.writer import Writer
from doorward.store.errors import StoreUnavailable
from doorward.store.unit import Unit

FIRST = Use(NOW, "us-east-1", "iam")
SOON = Use(NOW + timedelta(seconds=30), "us-east-1", "iam")
LATER = Use(NOW + timedelta(minutes=2), "us-east-1", "iam")


@pytest.fixture
def store():
    return TroubledStore()


@pytest.fixture
def accounts(store):
    return Accounts(store, 10)


@pytest.fixture
def uses(accounts):
    return Uses(accounts)


@pytest.fixture
def flush(store, accounts, uses):
    """Store what waits."""
    from concurrent.futures import ThreadPoolExecutor

    async def work():
        with ThreadPoolExecutor(1) as executor:
            await uses.flush(Writer(store, accounts, executor))

    return lambda: asyncio.run(work())


def stored(store, account=ACCOUNT):
    uses = read_live(account, *store.read(account)).activity.uses
    return {used_id: use._replace(first=None) for used_id, use in uses.items()}


def test_a_use_is_seen_at_once_and_stored_when_flushed(store, accounts, uses, flush):
    uses.note(ACCOUNT, "AKIA", FIRST)
    live = accounts.get(ACCOUNT)
    assert uses.last_use(live, "AKIA") == FIRST
    assert stored(store) == {}
    flush()
    assert stored(store) == {"AKIA": FIRST}
    assert accounts.get(ACCOUNT).activity.last_use("AKIA") == FIRST


def test_only_the_last_use_counts(store, uses, flush):
    uses.note(ACCOUNT, "AKIA", FIRST)
    uses.note(ACCOUNT, "AKIA", LATER)
    flush()
    assert stored(store) == {"AKIA": LATER}


def test_uses_of_the_same_minute_are_not_stored_again(store, uses, flush):
    uses.note(ACCOUNT, "AKIA", FIRST)
    flush()
    uses.note(ACCOUNT, "AKIA", SOON)
    flush()
    assert stored(store) == {"AKIA": FIRST}
    assert len(store.commits) == 1
    uses.note(ACCOUNT, "AKIA", LATER)
    flush()
    assert stored(store) == {"AKIA": LATER}


def test_accounts_are_stored_each_for_itself(store, accounts, uses, flush):
    store.commit([Unit(OTHER, 0, empty_live(OTHER, None, NOW).rows())])
    accounts.know([OTHER])
    uses.note(ACCOUNT, "AKIA", FIRST)
    uses.note(OTHER, "AKIB", LATER)
    flush()
    assert (stored(store), stored(store, OTHER)) == ({"AKIA": FIRST}, {"AKIB": LATER})


@pytest.mark.parametrize("held", [True, False])
def test_what_cannot_be_stored_waits_on(store, accounts, uses, flush, held):
    if held:
        accounts.get(ACCOUNT)
    uses.note(ACCOUNT, "AKIA", FIRST)
    store.down = True
    flush()
    store.down = False
    flush()
    assert stored(store) == {"AKIA": FIRST}


def test_what_came_meanwhile_wins_over_what_waited(store, accounts, uses, flush):
    accounts.get(ACCOUNT)
    uses.note(ACCOUNT, "AKIA", FIRST)
    uses.note(ACCOUNT, "AKIB", FIRST)
    commit = store.commit

    def refused(_units):
        store.commit = commit
        uses.note(ACCOUNT, "AKIA", LATER)
        raise StoreUnavailable("down")

    store.commit = refused
    flush()
    flush()
    assert stored(store) == {"AKIA": LATER, "AKIB": FIRST}


def test_forgetting_leaves_nothing_to_store(store, uses, flush):
    uses.note(ACCOUNT, "AKIA", FIRST)
    uses.forget_all()
    flush()
    assert stored(store) == {}
