import asyncio
import threading

import pytest
from tests.app.stores import ACCOUNT, NOW, OTHER, TroubledStore, a_user

from doorward.account.account import Account
from doorward.account.model import AccessKey
from doorward.app.accounts import Accounts
from doorward.app.bootstrap import empty_live
from doorward.app.live import read_live
from doorward.authn.key_ids import access_key_id
from doorward.store.errors import StoreUnavailable
from doorward.store.unit import Unit


@pytest.fixture
def store():
    store = TroubledStore()
    store.commit([Unit(OTHER, 0, empty_live(OTHER, None, NOW).rows())])
    return store


def put(store, account, *entities, secrets=()):
    """Write as another node does."""
    live = read_live(account, *store.read(account))
    for name in secrets:
        live = live.with_secret(name, b"sealed")
    changed = live.account
    for entity in entities:
        changed = changed.put(entity)
    after = type(live)(changed, live.secrets, live.activity, live.revision, live.secrets_touched)
    store.commit([Unit(account, live.revision, after.rows())])


def with_key(name, key_id):
    user = a_user(name)
    return type(user)(
        name=name, user_id=user.user_id, created=NOW, access_keys=(AccessKey(key_id, NOW),)
    )


def test_an_account_is_read_once_and_held(store):
    accounts = Accounts(store, 10)
    first = accounts.get(ACCOUNT)
    store.down = True
    assert accounts.get(ACCOUNT) is first
    with pytest.raises(StoreUnavailable):
        accounts.get(OTHER)


def test_accounts_of_others_are_not_there(store):
    assert Accounts(store, 10).get("999999999999") is None


def test_the_one_that_was_not_used_longest_goes_when_there_are_too_many(store):
    store.commit([Unit("555566667777", 0, empty_live("555566667777", None, NOW).rows())])
    accounts = Accounts(store, 2)
    first = accounts.get(ACCOUNT)
    accounts.get(OTHER)
    assert accounts.get(ACCOUNT) is first
    accounts.get("555566667777")
    assert set(accounts.revisions()) == {ACCOUNT, "555566667777"}
    assert accounts.ids() == [ACCOUNT, OTHER, "555566667777"]


def test_there_is_always_room_for_one(store):
    accounts = Accounts(store, 0)
    assert accounts.get(ACCOUNT) is accounts.get(ACCOUNT)
    assert accounts.get(OTHER).account.id == OTHER
    assert list(accounts.revisions()) == [OTHER]


def test_a_value_older_than_the_one_held_is_not_published(store):
    accounts = Accounts(store, 10)
    old = accounts.get(ACCOUNT)
    new = old.settled(5)
    accounts.publish(new)
    accounts.publish(old)
    assert accounts.get(ACCOUNT) is new


def test_rows_of_others_are_merged_once(store):
    accounts = Accounts(store, 10)
    accounts.get(ACCOUNT)
    put(store, ACCOUNT, a_user("ann"))
    revision, rows = store.read(ACCOUNT, 1)
    accounts.merge(ACCOUNT, revision, rows)
    merged = accounts.get(ACCOUNT)
    assert merged.account.user("ann")
    assert accounts.revisions() == {ACCOUNT: 2}
    accounts.merge(ACCOUNT, revision, rows)
    assert accounts.get(ACCOUNT) is merged
    accounts.merge(OTHER, 9, rows)
    assert OTHER not in accounts.revisions()


def owner(accounts, key_id):
    """Whose key it is, after it was looked for."""
    asyncio.run(accounts.fetch_owner_of_key(key_id))
    live = accounts.owner_of_key(key_id)
    return live.account.id if live else None


def test_a_key_names_its_account_which_is_all_that_is_read(store):
    key_id = access_key_id("AKIA", OTHER, bytes(10))
    put(store, OTHER, with_key("ann", key_id))
    accounts = Accounts(store, 10)
    assert accounts.owner_of_key(key_id) is None
    store.find_row = None
    assert owner(accounts, key_id) == OTHER
    assert list(accounts.revisions()) == [OTHER]


def test_an_imported_key_is_found_in_memory_then_in_the_store(store):
    put(store, OTHER, with_key("ann", "AKIAIMPORTED"), secrets=["access-key/AKIAIMPORTED"])
    accounts = Accounts(store, 10)
    accounts.get(ACCOUNT)
    assert owner(accounts, "AKIAIMPORTED") == OTHER
    store.find_row = None
    assert owner(accounts, "AKIAIMPORTED") == OTHER


@pytest.mark.parametrize(
    "key_id", ["", "AKIA", "AKIAIOSFODNN7EXAMPLE", access_key_id("AKIA", ACCOUNT, bytes(10))]
)
def test_a_key_of_nobody_has_no_owner(store, key_id):
    assert owner(Accounts(store, 10), key_id) is None


def test_what_is_fetched_is_read_once_and_beside_the_event_loop(store):
    accounts, threads = Accounts(store, 10), []
    read = store.read

    def noted(*arguments):
        threads.append(threading.current_thread())
        return read(*arguments)

    store.read = noted
    for account_id in (ACCOUNT, ACCOUNT, "999999999999", ""):
        asyncio.run(accounts.fetch(account_id))
    assert list(accounts.revisions()) == [ACCOUNT]
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_accounts_made_elsewhere_are_learnt_of(store):
    accounts = Accounts(store, 10)
    store.commit([Unit("555566667777", 0, empty_live("555566667777", None, NOW).rows())])
    assert accounts.get("555566667777") is None
    accounts.know(["555566667777"])
    assert accounts.get("555566667777").account.id == "555566667777"


def test_forgetting_all_begins_with_the_store_again(store):
    accounts = Accounts(store, 10)
    before = store.snapshot()
    accounts.get(ACCOUNT)
    accounts.know(["555566667777"])
    put(store, ACCOUNT, a_user("ann"))
    store.restore(before)
    accounts.forget_all()
    assert accounts.ids() == [ACCOUNT, OTHER]
    assert accounts.get(ACCOUNT).account.user("ann") is None


def test_a_thread_may_look_an_account_up_while_a_keys_owner_is_looked_for(store, monkeypatch):
    accounts = Accounts(store, 10)
    for account_id in (ACCOUNT, OTHER):
        accounts.get(account_id)

    def meanwhile(_account, _key_id):
        accounts.get(ACCOUNT)

    monkeypatch.setattr(Account, "by_id", meanwhile)
    assert accounts.owner_of_key("AKIA") is None
