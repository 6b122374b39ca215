import json
from datetime import UTC, datetime

import msgspec
import pytest
from rpds import HashTrieMap
from tests.app.test_bootstrap import FULL, MAIN_ID, OTHER_ID

from doorward.account.accesses import Access, ServiceAccess
from doorward.account.activity import Use
from doorward.app.bootstrap import first_start
from doorward.app.exports import exported
from doorward.app.imports import ImportRefused, imported
from doorward.app.live import Live, read_live
from doorward.app.seed import read_seed
from doorward.app.stopped import main_account
from doorward.app.vault import AccountVault
from doorward.store.memory import MemoryStore
from doorward.store.sealed import MasterKeys, Sealer
from doorward.store.unit import Unit

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
OLD, NEW = Sealer(MasterKeys.fresh()), Sealer(MasterKeys.fresh())
ACCESSES = {"iam": ServiceAccess(7, "us-east-1", {"GetUser": Access(6, "us-east-1")})}
PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="module")
def store():
    made = MemoryStore()
    first_start(made, OLD, read_seed(FULL), None, NOW)
    live = read_live(MAIN_ID, *made.read(MAIN_ID))
    use = live.activity.noted("AKIAIOSFODNN7EXAMPLE", Use(NOW, "us-east-1", "iam"))
    use = use.with_accesses({"AIDA": ACCESSES})
    used = Live(live.account, live.secrets, use, live.revision)
    made.commit([Unit(MAIN_ID, live.revision, used.rows())])
    return made


def encoded(store, passphrase=None):
    return json.loads(msgspec.json.encode(exported(store, OLD, NOW, passphrase)))


def taken(export, passphrase=None):
    store = MemoryStore()
    done = imported(store, NEW, json.dumps(export).encode(), passphrase)
    return store, done


def test_the_lists_are_those_of_aws_with_documents_opened(store):
    account = encoded(store)["Accounts"][0]
    assert account["AccountId"] == MAIN_ID
    assert [user["UserName"] for user in account["UserDetailList"]] == ["admin", "ann"]
    role = account["RoleDetailList"][0]
    principal = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert principal == {"AWS": f"arn:aws:iam::{MAIN_ID}:role/second"}
    names = [policy["PolicyName"] for policy in account["Policies"]]
    assert "Read" in names
    assert "AdministratorAccess" in names


def test_last_accesses_come_along(store):
    new, _ = taken(encoded(store))
    activity = read_live(MAIN_ID, *new.read(MAIN_ID)).activity
    assert activity.accesses_of("AIDA") == ACCESSES


def test_an_older_export_has_none(store):
    export = encoded(store)
    for account in export["Accounts"]:
        del account["Doorward"]["Accesses"]
    new, _ = taken(export)
    assert not read_live(MAIN_ID, *new.read(MAIN_ID)).activity.accesses


def test_secrets_stay_behind_unless_a_passphrase_seals_them(store):
    plain, sealed = encoded(store), encoded(store, PASSPHRASE)
    for text in (json.dumps(plain), json.dumps(sealed)):
        for secret in ("wJalrXUtnFEMI", "root/secret", "$argon2id$", "bobs"):
            assert secret not in text
    assert plain["Secrets"] is None
    assert set(sealed["Secrets"]) == {"kdf", "salt", "nonce", "content"}


def test_an_import_gives_the_same_accounts_secrets_and_uses(store):
    new, done = taken(encoded(store, PASSPHRASE), PASSPHRASE)
    assert (done.main, done.accounts, done.keys_without_secret) == (MAIN_ID, 2, 0)
    assert main_account(new) == MAIN_ID
    for account_id in (MAIN_ID, OTHER_ID):
        before = read_live(account_id, *store.read(account_id))
        after = read_live(account_id, *new.read(account_id))
        assert before.account.tables == after.account.tables
        assert HashTrieMap(before.activity.uses) == after.activity.uses
        old, fresh = AccountVault(before, OLD), AccountVault(after, NEW)
        assert sorted(before.secrets) == sorted(after.secrets)
        assert all(old.get(name) == fresh.get(name) for name in before.secrets)


def test_the_export_of_an_import_is_the_export(store):
    first = encoded(store, PASSPHRASE)
    new, _ = taken(first, PASSPHRASE)
    again = json.loads(msgspec.json.encode(exported(new, NEW, NOW)))
    assert again["Accounts"] == first["Accounts"]


def test_without_secrets_keys_open_nothing_and_that_is_counted(store):
    new, done = taken(encoded(store))
    assert done.secrets == 0
    assert done.keys_without_secret == 4
    other = read_live(OTHER_ID, *new.read(OTHER_ID))
    assert [name for name in other.secrets if not name.startswith("trusted-principal/")] == []


def refused(export, reason, passphrase=None):
    store = MemoryStore()
    with pytest.raises(ImportRefused, match=reason):
        imported(store, NEW, json.dumps(export).encode(), passphrase)
    assert store.accounts() == {}


def _edited_list(export):
    export["Accounts"][0]["UserDetailList"].pop()


def _unknown_kind(export):
    export["Accounts"][0]["Doorward"]["Entities"]["dragon"] = []


def _other_profile(export):
    export["Accounts"][1]["Doorward"]["Entities"]["profile"][0]["id"] = MAIN_ID


def _no_profile(export):
    export["Accounts"][1]["Doorward"]["Entities"]["profile"] = []


def _twice(export):
    users = export["Accounts"][0]["Doorward"]["Entities"]["user"]
    users.append(users[0])


def _bad_entity(export):
    export["Accounts"][0]["Doorward"]["Entities"]["user"][0]["created"] = "yesterday"


def _same_account(export):
    export["Accounts"].append(export["Accounts"][0])


def _no_main(export):
    export["Accounts"].pop(0)


def _format(export):
    export["Format"] = "doorward-export-9"


def _more(export):
    export["More"] = 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_edited_list, "were edited"),
        (_unknown_kind, "unknown kind dragon"),
        (_other_profile, "one profile"),
        (_no_profile, "one profile"),
        (_twice, "stands there twice"),
        (_bad_entity, "datetime"),
        (_same_account, "an account stands there twice"),
        (_no_main, "is not among"),
        (_format, "doorward-export-9"),
        (_more, "unknown field"),
    ],
)
def test_what_is_no_whole_export_is_refused_in_full(store, change, reason):
    export = encoded(store)
    change(export)
    refused(export, reason)


def test_passphrases_are_minded(store):
    refused(encoded(store), "no secrets", PASSPHRASE)
    sealed = encoded(store, PASSPHRASE)
    refused(sealed, "give --passphrase-file")
    refused(sealed, "do not open", "another passphrase")
    sealed["Accounts"].pop(1)
    refused(sealed, "secrets of accounts that are not there", PASSPHRASE)
    refused("no object", "object")


def test_only_an_empty_store_is_filled(store):
    export = json.dumps(encoded(store)).encode()
    with pytest.raises(ImportRefused, match="accounts already"):
        imported(store, OLD, export)
