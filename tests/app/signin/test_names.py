import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from doorward.app.bootstrap import empty_live
from doorward.app.live import read_live
from doorward.app.signin.names import Names
from doorward.store.memory import MemoryStore
from doorward.store.unit import Unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ONE, TWO = "111122223333", "444455556666"


@pytest.fixture
def store():
    made = MemoryStore()
    for account, email in ((ONE, "One@example.com"), (TWO, "two@example.com")):
        made.commit([Unit(account, 0, empty_live(account, email, NOW).rows())])
    return made


@pytest.fixture
def names(store):
    return Names(store)


def change(store, account, **changes):
    live = read_live(account, *store.read(account))
    after = live.account.put(replace(live.account.profile, **changes))
    store.commit([Unit(account, live.revision, replace(live, account=after).rows())])


def of_email(names, email):
    return asyncio.run(names.of_email(email))


def of_account(names, text):
    return asyncio.run(names.of_account(text))


@pytest.mark.parametrize(
    ("email", "account"),
    [("one@example.com", ONE), ("TWO@EXAMPLE.COM", TWO), ("three@example.com", None), ("", None)],
)
def test_whose_address_it_is(names, email, account):
    assert of_email(names, email) == account


def test_ids_and_aliases(names, store):
    change(store, TWO, aliases=("our-house",))
    assert of_account(names, ONE) == ONE
    assert of_account(names, "our-house") == of_account(names, "Our-House") == TWO
    assert of_account(names, "999999999999") is None
    assert of_account(names, "") is None


def test_what_changes_is_seen_at_once(names, store):
    assert of_email(names, "new@example.com") is None
    change(store, ONE, email="new@example.com")
    assert of_email(names, "new@example.com") == ONE
    assert of_email(names, "one@example.com") is None
    store.commit([Unit("777788889999", 0, empty_live("777788889999", "x@example.com", NOW).rows())])
    assert of_email(names, "x@example.com") == "777788889999"


def test_other_changes_keep_the_names(names, store):
    assert of_account(names, ONE) == ONE
    live = read_live(ONE, *store.read(ONE))
    rows = live.with_secret("x", b"sealed").rows()
    store.commit([Unit(ONE, live.revision, rows)])
    assert of_email(names, "one@example.com") == ONE


def test_of_a_store_put_back_nothing_is_remembered(names, store):
    before = store.snapshot()
    change(store, ONE, aliases=("gone",))
    assert of_account(names, "gone") == ONE
    store.restore(before)
    names.forget_all()
    assert of_account(names, "gone") is None
