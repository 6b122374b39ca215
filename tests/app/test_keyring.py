import pytest

from doorward.app.keyring import SETTING, open_ring
from doorward.authn.sealing import seal_text, unseal_text
from doorward.store.errors import SealBroken
from doorward.store.memory import MemoryStore
from doorward.store.sealed import MasterKeys, Sealer

NONCE = bytes(12)


@pytest.fixture
def sealer():
    return Sealer(MasterKeys.fresh())


def test_nodes_of_one_store_share_the_ring(sealer):
    store = MemoryStore()
    sealed = seal_text("session", b"text", open_ring(store, sealer), NONCE)
    assert unseal_text("session", sealed, open_ring(store, sealer)) == b"text"


def test_another_store_has_another_ring(sealer):
    sealed = seal_text("session", b"text", open_ring(MemoryStore(), sealer), NONCE)
    assert unseal_text("session", sealed, open_ring(MemoryStore(), sealer)) is None


def test_the_first_of_two_nodes_makes_it(sealer):
    """The other one comes between looking and making."""
    store = MemoryStore()
    put = store.put_setting

    def late(name, value, expected):
        store.put_setting = put
        open_ring(store, sealer)
        return put(name, value, expected)

    store.put_setting = late
    sealed = seal_text("session", b"text", open_ring(store, sealer), NONCE)
    assert unseal_text("session", sealed, open_ring(store, sealer)) == b"text"


def test_it_is_sealed_at_rest(sealer):
    store = MemoryStore()
    open_ring(store, sealer)
    kept = store.get_setting(SETTING)
    assert b"current" not in kept
    with pytest.raises(SealBroken):
        open_ring(store, Sealer(MasterKeys.fresh()))
