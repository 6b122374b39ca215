import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.store import sealed
from doorward.store.errors import SealBroken
from doorward.store.sealed import MasterKey, MasterKeys, Sealer, row_place, setting_place

PLACE = row_place("111111111111", "secret", "AKIA1")


class Source:
    where = "the test"

    def __init__(self, keys):
        self.keys = keys
        self.asked = 0

    def load(self):
        self.asked += 1
        return self.keys


@pytest.fixture
def sealer():
    return Sealer(MasterKeys.fresh())


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_what_is_sealed_opens_in_its_place_only(plain, place):
    sealer = Sealer(MasterKeys.fresh())
    closed = sealer.seal(plain, place)
    assert sealer.unseal(closed, place) == plain
    with pytest.raises(SealBroken):
        sealer.unseal(closed, place + b"x")


def test_every_altered_byte_is_noticed(sealer):
    closed = sealer.seal(b"secret", PLACE)
    for index in range(len(closed)):
        altered = bytearray(closed)
        altered[index] ^= 1
        with pytest.raises(SealBroken):
            sealer.unseal(bytes(altered), PLACE)


@pytest.mark.parametrize(
    "value", [b"", b"\x01", b"\x02" + bytes(60), b"plain text of an old day" * 3]
)
def test_what_was_never_sealed_is_refused(sealer, value):
    with pytest.raises(SealBroken):
        sealer.unseal(value, PLACE)


def test_nothing_of_the_plain_text_shows_and_no_two_are_alike(sealer):
    one, two = sealer.seal(b"secret" * 9, PLACE), sealer.seal(b"secret" * 9, PLACE)
    assert b"secret" not in one
    assert one != two


def test_places_do_not_collide():
    places = {row_place("1", "a", "b"), row_place("1", "ab", ""), setting_place("1")}
    assert len(places) == 3


def test_a_foreign_key_is_named(sealer):
    other = Sealer(MasterKeys.fresh())
    with pytest.raises(SealBroken, match=other.keys.current.id):
        sealer.unseal(other.seal(b"x", PLACE), PLACE)


def test_old_values_open_after_a_new_key(sealer):
    closed = sealer.seal(b"x", PLACE)
    sealer.adopt(sealer.keys.with_fresh())
    assert sealer.unseal(closed, PLACE) == b"x"
    assert not sealer.is_current(closed)
    assert sealer.is_current(sealer.seal(b"x", PLACE))


def test_a_retired_key_still_opens(sealer):
    closed = sealer.seal(b"x", PLACE)
    sealer.adopt(sealer.keys.with_fresh().with_others_retired())
    assert [key.state for key in sealer.keys.keys] == ["retired", "current"]
    assert sealer.unseal(closed, PLACE) == b"x"


def test_keys_another_node_added_are_asked_for(sealer):
    source = Source(sealer.keys.with_fresh())
    newer = Sealer(source.keys)
    node = Sealer(sealer.keys, source)
    assert node.unseal(newer.seal(b"x", PLACE), PLACE) == b"x"
    assert source.asked == 1


def test_forged_key_names_do_not_run_the_source_each_time(sealer, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(sealed, "monotonic", lambda: clock[0])
    node = Sealer(sealer.keys, source := Source(sealer.keys))
    forged = b"\x01" + bytes(60)
    for _ in range(3):
        with pytest.raises(SealBroken):
            node.unseal(forged, PLACE)
    assert source.asked == 1
    clock[0] += sealed.RELOAD_S
    with pytest.raises(SealBroken):
        node.unseal(forged, PLACE)
    assert source.asked == 2


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (MasterKey(bytes(32), "readable"),),
        (MasterKey(bytes(32)), MasterKey(bytes([1] * 32))),
        (MasterKey(bytes(16)),),
    ],
)
def test_there_is_one_current_key_of_32_bytes(keys):
    with pytest.raises(ValueError, match=r"key"):
        MasterKeys(keys)


def test_a_key_is_never_printed():
    key = MasterKey(b"0123456789abcdef0123456789abcdef")
    assert "0123456789abcdef" not in repr(key)
    assert "0123456789abcdef" not in repr(MasterKeys((key,)))
