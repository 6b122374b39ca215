import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.app.stores import ACCOUNT, NOW, OTHER, TroubledStore

from doorward.account.accesses import moment_of
from doorward.account.activity import Use
from doorward.app.accounts import Accounts
from doorward.app.bootstrap import empty_live
from doorward.app.live import read_live
from doorward.app.uses import LARGEST_PART, Uses
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


def accesses(store, principal="AIDA"):
    activity = read_live(ACCOUNT, *store.read(ACCOUNT)).activity
    return {
        name: (moment_of(one.minute), list(one.actions))
        for name, one in activity.accesses_of(principal).items()
    }


def test_a_call_is_seen_at_once_and_stored_when_flushed(store, accounts, uses, flush):
    uses.note_call(ACCOUNT, "AIDA", "iam:GetUser", FIRST)
    uses.note_call(ACCOUNT, "AIDA", "iam:PassRole", FIRST)
    live = accounts.get(ACCOUNT)
    assert list(uses.accesses(live, "AIDA")["iam"].actions) == ["GetUser"]
    assert uses.accesses(live, "AROA") == {}
    assert accesses(store) == {}
    flush()
    assert accesses(store) == {"iam": (NOW, ["GetUser"])}
    assert uses.accesses(accounts.get(ACCOUNT), "AIDA")["iam"].region == "us-east-1"


def test_later_calls_are_put_to_those_stored(store, accounts, uses, flush):
    uses.note_call(ACCOUNT, "AIDA", "iam:GetUser", FIRST)
    flush()
    uses.note_call(ACCOUNT, "AIDA", "sts:GetCallerIdentity", LATER)
    uses.note_call(ACCOUNT, "AIDA", "iam:ListUsers", LATER)
    shown = uses.accesses(accounts.get(ACCOUNT), "AIDA")
    assert sorted(shown) == ["iam", "sts"]
    assert sorted(shown["iam"].actions) == ["GetUser", "ListUsers"]
    flush()
    later = NOW + timedelta(minutes=2)
    assert accesses(store) == {
        "iam": (later, ["GetUser", "ListUsers"]),
        "sts": (later, ["GetCallerIdentity"]),
    }


def test_calls_of_the_same_minute_are_not_stored_again(store, uses, flush):
    for _ in range(2):
        uses.note_call(ACCOUNT, "AIDA", "iam:GetUser", SOON)
        flush()
    assert len(store.commits) == 1


def test_calls_that_cannot_be_stored_wait_on_with_those_that_came_meanwhile(store, uses, flush):
    uses.note_call(ACCOUNT, "AIDA", "iam:GetUser", FIRST)
    commit = store.commit

    def refused(_units):
        store.commit = commit
        uses.note_call(ACCOUNT, "AIDA", "sts:AssumeRole", LATER)
        raise StoreUnavailable("down")

    store.commit = refused
    flush()
    flush()
    assert sorted(accesses(store)) == ["iam", "sts"]


def test_many_are_stored_in_parts(store, uses, flush):
    for number in range(LARGEST_PART + 1):
        uses.note(ACCOUNT, f"AKIA{number}", FIRST)
        uses.note_call(ACCOUNT, f"AIDA{number}", "iam:GetUser", FIRST)
    flush()
    assert len(store.commits) == 4
    assert len(stored(store)) == LARGEST_PART + 1
    assert accesses(store, f"AIDA{LARGEST_PART}")


def test_the_first_use_of_a_span_outlives_those_that_wait_with_it(accounts, uses, flush):
    minutes = [NOW + timedelta(minutes=each) for each in (0, 16, 17)]
    uses.note(ACCOUNT, "AKIA", Use(minutes[0], "us-east-1", "iam"))
    flush()
    for each in minutes[1:]:
        uses.note(ACCOUNT, "AKIA", Use(each, "us-east-1", "iam"))
    assert uses.last_use(accounts.get(ACCOUNT), "AKIA").reported.at == minutes[1]
    flush()
    found = accounts.get(ACCOUNT).activity.last_use("AKIA")
    assert (found.reported.at, found.at) == (minutes[1], minutes[2])


def test_what_another_node_stored_meanwhile_is_kept(store, accounts, uses, flush):
    accounts.get(ACCOUNT)
    other = Accounts(store, 10)
    elsewhere = Uses(other)
    elsewhere.note_call(ACCOUNT, "AIDA", "sts:AssumeRole", LATER)

    async def store_there():
        with ThreadPoolExecutor(1) as executor:
            await elsewhere.flush(Writer(store, other, executor))

    asyncio.run(store_there())
    uses.note_call(ACCOUNT, "AIDA", "iam:GetUser", FIRST)
    flush()
    assert sorted(accesses(store)) == ["iam", "sts"]
