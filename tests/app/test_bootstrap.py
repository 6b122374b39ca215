import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pytest

from doorward.account.model import Group, Role, User
from doorward.app.bootstrap import MAIN, FirstStartRefused, claim, first_start
from doorward.app.live import read_live
from doorward.app.seed import SeedError, read_seed
from doorward.app.vault import AccountVault
from doorward.authn.passwords import matches
from doorward.store.memory import MemoryStore
from doorward.store.sealed import MasterKeys, Sealer
from doorward.store.sqlite import SqliteStore

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
MAIN_ID, OTHER_ID = "111122223333", "444455556666"
SEALER = Sealer(MasterKeys.fresh())
TRUST = (
    "{{Version: 2012-10-17, Statement: "
    '[{{Effect: Allow, Principal: {{AWS: "{}"}}, Action: sts:AssumeRole}}]}}'
)
FULL = f"""
account: {{id: {MAIN_ID}, alias: example, email: root@example.com, password: root's own}}
root: {{access_key: {{id: AKIAROOTROOTROOTROOT, secret: root/secret}}}}
quotas: {{UsersQuota: 20000}}
policies:
  - name: Read
    path: /team/
    document: {{Version: 2012-10-17, Statement: {{Effect: Allow, Action: iam:Get*, Resource: "*"}}}}
groups:
  - name: devs
    policies: [Read, "arn:aws:iam::aws:policy/ReadOnlyAccess"]
    inline:
      Own: >-
        {{"Version": "2012-10-17",
        "Statement": {{"Effect": "Deny", "Action": "sts:*", "Resource": "*"}}}}
users:
  - name: ann
    path: /staff/
    groups: [DEVS]
    boundary: Read
    tags: {{team: a}}
    password: correct horse
    access_keys: [{{id: AKIAIOSFODNN7EXAMPLE, secret: wJalrXUtnFEMI}}]
roles:
  - name: first
    trust: {TRUST.format(f"arn:aws:iam::{MAIN_ID}:role/second")}
    max_session_s: 7200
  - name: second
    trust: {TRUST.format(f"arn:aws:iam::{MAIN_ID}:role/first")}
accounts:
  - account: {{id: {OTHER_ID}}}
    users: [{{name: bob, access_keys: [{{id: AKIABOBBOBBOBBOBBOBB, secret: bobs}}]}}]
    roles: [{{name: reach, trust: {TRUST.format(f"arn:aws:iam::{MAIN_ID}:user/staff/ann")}}}]
"""


def start(store, text=None, account=None):
    return first_start(store, SEALER, read_seed(text) if text else None, account, NOW)


def account_of(store, account_id):
    return read_live(account_id, *store.read(account_id))


def test_a_first_start_makes_root_group_and_admin():
    store = MemoryStore()
    first = start(store)
    account = account_of(store, first.account).account
    assert store.get_setting(MAIN).decode() == first.account
    assert len(first.account) == 12
    assert not first.account.startswith("0")
    assert first.root_email == f"root@{first.account}.doorward.invalid" == account.profile.email
    assert account.profile.root_keys == ()
    admin = account.user("admin")
    assert admin.groups == ("Administrators",)
    assert [key.id for key in admin.access_keys] == [first.admin.access_key_id]
    assert account.group("Administrators").attached == (
        "arn:aws:iam::aws:policy/AdministratorAccess",
    )


def test_the_root_password_is_long_and_kept_as_argon2id_alone():
    store = MemoryStore()
    first = start(store)
    kept = AccountVault(account_of(store, first.account), SEALER).get(f"password/{first.account}")
    assert len(first.root_password) >= 20
    assert json.loads(kept)["current"].startswith("$argon2id$")
    assert first.root_password.encode() not in kept
    assert matches(kept, first.root_password)


def test_a_second_start_changes_nothing():
    store = MemoryStore()
    first = start(store)
    before = store.read(first.account)
    assert start(store) is None
    assert start(store, account=first.account) is None
    assert store.read(first.account) == before


def test_a_seed_fills_everything_it_names():
    store = MemoryStore()
    first = start(store, FULL)
    live = account_of(store, MAIN_ID)
    account, vault = live.account, AccountVault(live, SEALER)
    assert first.account == MAIN_ID
    assert first.root_password is None
    assert account.profile.aliases == ("example",)
    assert account.profile.email == "root@example.com"
    assert account.quota("UsersQuota", 5000) == 20000
    assert [key.id for key in account.profile.root_keys] == ["AKIAROOTROOTROOTROOT"]
    ann = account.user("ann")
    assert ann.path == "/staff/"
    assert ann.groups == ("devs",)
    assert ann.boundary == f"arn:aws:iam::{MAIN_ID}:policy/team/Read"
    assert ann.tags == (("team", "a"),)
    assert ann.login_profile.created == NOW
    assert vault.get("access-key/AKIAIOSFODNN7EXAMPLE") == b"wJalrXUtnFEMI"
    assert matches(vault.get(f"password/{ann.user_id}"), "correct horse")
    assert matches(vault.get(f"password/{MAIN_ID}"), "root's own")
    devs = account.group("devs")
    assert devs.attached[0] == ann.boundary
    assert devs.inline[0].name == "Own"
    assert msgspec.json.decode(account.policy_named("read").text)["Version"] == "2012-10-17"
    assert account.role("first").max_session_s == 7200


def test_roles_may_trust_each_other_and_users_of_further_accounts():
    store = MemoryStore()
    first = start(store, FULL)
    account = account_of(store, MAIN_ID).account
    assert account.role("second").role_id in account.role("first").trust
    assert account.role("first").role_id in account.role("second").trust
    other = account_of(store, OTHER_ID).account
    assert account.user("ann").user_id in other.role("reach").trust
    assert other.user("admin") is None
    assert other.profile.root_has_password is False
    assert first.further[OTHER_ID] == ("AKIABOBBOBBOBBOBBOBB", "bobs")


def test_without_admin_an_account_starts_empty():
    store = MemoryStore()
    first = start(store, "admin: false")
    account = account_of(store, first.account).account
    assert first.admin is None
    assert first.root_password
    assert [account.count(each) for each in (User, Group, Role)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("users:\n- name: ann\n- name: ANN\n", 3, "EntityAlreadyExists"),
        ("users:\n- name: admin\n", 2, "EntityAlreadyExists"),
        ("users:\n- name: a b\n", 2, "ValidationError"),
        ("users:\n- name: a\n  groups: [none]\n", 3, "NoSuchEntity"),
        ("users:\n- name: a\n  policies: [None]\n", 3, "NoSuchEntity"),
        ("users:\n- name: a\n  inline:\n    p: '{}'\n", 4, "MalformedPolicyDocument"),
        ("quotas: {UsersQuota: 1}\nusers:\n- name: a\n", 3, "LimitExceeded"),
        ("account: {alias: Not-Lower}\n", 1, "ValidationError"),
        (
            "users:\n- name: a\n  access_keys:\n"
            + "".join(f"  - {{id: AKIA{each}, secret: s}}\n" for each in "ABC"),
            6,
            "LimitExceeded",
        ),
        (
            "users:\n- name: a\n  access_keys:\n" + "  - {id: AKIA, secret: s}\n" * 2,
            5,
            "two access keys",
        ),
        (
            "roles:\n- name: r\n  trust: "
            + TRUST.format("arn:aws:iam::111122223333:user/no")
            + "\n"
            "account: {id: 111122223333}\n",
            3,
            "Invalid principal",
        ),
        (
            "account: {email: a@b}\naccounts:\n- account: {id: 444455556666, email: A@B}\n",
            3,
            "two root users",
        ),
        ("accounts:\n- account: {id: 444455556666}\n  users:\n  - name: a b\n", 4, "Validation"),
    ],
)
def test_what_aws_would_refuse_is_refused_with_its_line_and_fills_nothing(text, line, said):
    store = MemoryStore()
    with pytest.raises(SeedError, match=said) as caught:
        start(store, text)
    assert caught.value.line == line
    assert store.accounts() == {}


def test_a_filled_store_takes_no_other_seed_and_no_other_account():
    store = MemoryStore()
    start(store, FULL)
    assert start(store, f"# the same\n{FULL}") is None
    for text, account in ((FULL + "admin: false\n", None), (None, OTHER_ID)):
        with pytest.raises(FirstStartRefused):
            start(store, text, account)
    plain = MemoryStore()
    start(plain)
    with pytest.raises(FirstStartRefused):
        start(plain, "admin: true")


def test_account_and_seed_must_agree():
    with pytest.raises(FirstStartRefused, match="--account says"):
        start(MemoryStore(), FULL, OTHER_ID)
    with pytest.raises(FirstStartRefused, match="is the main one"):
        start(MemoryStore(), f"accounts: [{{account: {{id: {OTHER_ID}}}}}]", OTHER_ID)


class Killed(BaseException):
    pass


class Mortal:
    """A store whose process dies before its n-th write."""

    def __init__(self, store, writes):
        self._store = store
        self._left = writes

    def __getattr__(self, name):
        if name in {"commit", "put_setting"}:
            if not self._left:
                raise Killed
            self._left -= 1
        return getattr(self._store, name)


@pytest.mark.parametrize("writes", [0, 1])
def test_a_start_that_is_killed_leaves_nothing_in_the_way_of_the_next(writes):
    store = MemoryStore()
    with pytest.raises(Killed):
        start(Mortal(store, writes), FULL)
    assert store.accounts() == {}
    first = start(store, "admin: false", OTHER_ID)
    assert first.account == OTHER_ID
    assert set(store.accounts()) == {OTHER_ID}
    assert store.get_setting(MAIN).decode() == OTHER_ID


def test_a_claimed_id_is_kept_when_none_is_asked_for():
    store = MemoryStore()
    main = claim(store, None)
    assert claim(store, None) == main
    assert start(store).account == main


def raced(stores):
    with ThreadPoolExecutor(len(stores)) as pool:
        found = list(pool.map(start, stores))
    (first,) = [each for each in found if each]
    assert set(stores[0].accounts()) == {first.account}
    assert stores[0].get_setting(MAIN).decode() == first.account


def test_of_several_starts_one_fills_the_store(tmp_path):
    store = SqliteStore(tmp_path)
    raced([store] * 6)
    store.close()


def test_of_several_nodes_one_fills_the_database(postgres_cluster):
    from doorward.store.postgres import PostgresStore

    url = postgres_cluster.database()
    stores = [PostgresStore(url) for _ in range(4)]
    raced(stores)
    for store in stores:
        store.close()


def test_the_loser_of_a_race_still_minds_its_seed():
    store = MemoryStore()

    class Late:
        """Sees no account until it tries to write one."""

        def accounts(self):
            return {}

        def __getattr__(self, name):
            return getattr(store, name)

    start(store, FULL)
    assert first_start(Late(), SEALER, read_seed(FULL), None, NOW) is None
    with pytest.raises(FirstStartRefused):
        first_start(Late(), SEALER, read_seed(f"account: {{id: {MAIN_ID}}}"), None, NOW)
