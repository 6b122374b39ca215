import pytest
from tests.app.stores import ACCOUNT, NOW, OTHER

from doorward.app.bootstrap import empty_live
from doorward.app.vault import AccountVault
from doorward.store.errors import SealBroken
from doorward.store.sealed import MasterKeys, Sealer


@pytest.fixture
def sealer():
    return Sealer(MasterKeys.fresh())


@pytest.fixture
def vault(sealer):
    return AccountVault(empty_live(ACCOUNT, None, NOW), sealer)


def test_what_is_put_is_read_back_and_kept_sealed(vault):
    vault.put("a", b"the secret")
    vault.put("a", b"another secret")
    assert vault.get("a") == b"another secret"
    assert vault.get("b") is None
    assert b"secret" not in vault.live.secrets["a"]


def test_what_is_dropped_is_gone_and_dropping_nothing_changes_nothing(vault):
    before = vault.live
    vault.drop("a")
    assert vault.live is before
    vault.put("a", b"x")
    vault.drop("a")
    assert vault.get("a") is None
    assert [row for row in vault.live.rows() if row.kind == "secret"] == [("secret", "a", None)]


def test_a_secret_moved_to_another_name_or_account_does_not_open(vault, sealer):
    vault.put("a", b"x")
    sealed = vault.live.secrets["a"]
    moved = AccountVault(vault.live.with_secret("b", sealed), sealer)
    other = AccountVault(empty_live(OTHER, None, NOW).with_secret("a", sealed), sealer)
    for place, name in ((moved, "b"), (other, "a")):
        with pytest.raises(SealBroken):
            place.get(name)
