import threading

import pytest

from doorward.store.errors import Conflict, KeyMissing, KeyWrong, SealBroken
from doorward.store.key_sources import EnvironmentKeys, FileKeys, rendered
from doorward.store.memory import MemoryStore
from doorward.store.rotation import open_sealer, rotate
from doorward.store.sealed import MasterKeys, Sealer, row_place, setting_place
from doorward.store.unit import Row, Unit

A, B = "111111111111", "222222222222"


@pytest.fixture
def source(tmp_path):
    return FileKeys(tmp_path / "master.key")


def a_secret(sealer, account, key, plain):
    return Row("secret", key, sealer.seal(plain, row_place(account, "secret", key)))


def opened(store, sealer, account):
    _, rows = store.read(account)
    return {
        row.key: sealer.unseal(row.body, row_place(account, row.kind, row.key))
        for row in rows
        if row.kind == "secret"
    }


def fill(store, sealer, count=3):
    for account in (A, B):
        rows = [a_secret(sealer, account, f"k{i}", b"%d" % i) for i in range(count)]
        store.commit([Unit(account, 0, (*rows, Row("user", "ann", b"{}")))])


def all_current(store, sealer):
    rows = [row for account in store.accounts() for row in store.read(account)[1]]
    return all(sealer.is_current(row.body) for row in rows if row.kind == "secret")


def test_the_first_start_makes_the_key_and_the_next_one_knows_it(store, source):
    fill(store, open_sealer(store, source))
    assert opened(store, open_sealer(store, source), A)["k1"] == b"1"


def test_a_store_without_its_key_says_where_it_was(store, source):
    fill(store, open_sealer(store, source))
    source.path.unlink()
    with pytest.raises(KeyMissing, match=f"sealed with the key from the file {source.path}"):
        open_sealer(store, source)
    assert not source.path.exists()


def test_a_store_with_another_key_says_where_its_own_was(store, source, tmp_path):
    fill(store, open_sealer(store, source))
    other = FileKeys(tmp_path / "other.key")
    other.create()
    with pytest.raises(KeyWrong, match=rf"other\.key.*from the file {source.path}"):
        open_sealer(store, other)


def test_no_key_is_made_for_accounts_that_had_one(source):
    store = MemoryStore()
    store.commit([Unit(A, 0, (Row("user", "ann", b"{}"),))])
    with pytest.raises(KeyMissing):
        open_sealer(store, source)
    assert not source.path.exists()


def test_no_key_is_made_where_doorward_cannot_keep_it():
    with pytest.raises(KeyWrong):
        open_sealer(MemoryStore(), EnvironmentKeys("nonsense"))


def test_the_second_of_two_first_starts_finds_its_key_wrong(source):
    class Raced(MemoryStore):
        def put_setting(self, name, value, expected):
            open_sealer(winner, source)
            super().put_setting(name, winner.get_setting(name), None)
            return super().put_setting(name, value, expected)

    winner = MemoryStore()
    with pytest.raises(KeyWrong):
        open_sealer(Raced(), EnvironmentKeys(rendered(MasterKeys.fresh()).decode()))


def test_rotation_seals_everything_anew_and_retires_the_old_key(store, source):
    sealer = open_sealer(store, source)
    fill(store, sealer)
    place = setting_place("session-keys")
    store.put_setting("session-keys", sealer.seal(b"s", place), None)
    assert rotate(store, sealer, ("session-keys", "never-set")) == 7
    assert all_current(store, sealer)
    assert sealer.is_current(store.get_setting("session-keys"))
    assert [key.state for key in source.load().keys] == ["retired", "current"]
    for account in (A, B):
        assert opened(store, sealer, account) == {"k0": b"0", "k1": b"1", "k2": b"2"}
    assert store.read(A)[0] == 2


def test_after_rotation_the_new_key_alone_is_enough(store, source):
    sealer = open_sealer(store, source)
    fill(store, sealer)
    rotate(store, sealer)
    source.save(MasterKeys((sealer.keys.current,)))
    assert opened(store, open_sealer(store, source), B)["k2"] == b"2"


def test_a_rotation_cut_short_is_taken_up_with_the_same_key(store, source):
    sealer = open_sealer(store, source)
    fill(store, sealer)
    source.save(sealer.keys.with_fresh())
    again = open_sealer(store, source)
    rotate(store, again)
    assert len(source.load().keys) == 2
    assert all_current(store, again)


def test_more_secrets_than_one_commit_takes(source):
    store = MemoryStore()
    sealer = open_sealer(store, source)
    fill(store, sealer, 1100)
    assert rotate(store, sealer) == 2200
    assert store.read(A)[0] == 4


def test_keys_of_the_environment_are_rotated_by_their_owner():
    store = MemoryStore()
    keys = MasterKeys.fresh()
    fill(store, open_sealer(store, EnvironmentKeys(rendered(keys).decode())))
    sealer = open_sealer(store, EnvironmentKeys(rendered(keys.with_fresh()).decode()))
    assert rotate(store, sealer) == 6
    assert rotate(store, sealer) == 0


def test_keys_in_memory_rotate_too():
    store, sealer = MemoryStore(), Sealer(MasterKeys.fresh())
    fill(store, sealer)
    assert rotate(store, sealer) == 6
    assert all_current(store, sealer)


def test_a_deleted_secret_is_no_obstacle(source):
    store = MemoryStore()
    sealer = open_sealer(store, source)
    fill(store, sealer)
    store.commit([Unit(A, 1, (Row("secret", "k0", None),))])
    assert rotate(store, sealer) == 5


def test_a_secret_that_does_not_open_stops_the_rotation_by_name(source):
    store = MemoryStore()
    sealer = open_sealer(store, source)
    store.commit([Unit(A, 0, (Row("secret", "k9", b"garbage"),))])
    with pytest.raises(SealBroken, match=f"k9 of account {A}"):
        rotate(store, sealer)
    assert source.load().is_rotating


def test_rotation_and_writers_do_not_disturb_each_other(store, source):
    sealer = open_sealer(store, source)
    fill(store, sealer, 40)
    written = threading.Event()

    def write():
        for number in range(15):
            while True:
                revision, _ = store.read(A)
                try:
                    row = a_secret(sealer, A, f"new{number}", b"n")
                    store.commit([Unit(A, revision, (row,))])
                    break
                except Conflict:
                    continue
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    rotate(store, sealer)
    writer.join(20)
    assert written.is_set()
    assert len(opened(store, sealer, A)) == 55
