import subprocess
import sys

import pytest

from doorward.store import open_store
from doorward.store.errors import StoreUnavailable
from doorward.store.memory import MemoryStore
from doorward.store.sqlite import SqliteStore
from doorward.store.unit import Store


@pytest.mark.parametrize("as_text", [True, False])
def test_a_directory_opens_sqlite(tmp_path, as_text):
    where = tmp_path / "data"
    store: Store = open_store(str(where) if as_text else where)
    assert isinstance(store, SqliteStore)
    store.close()


def test_nothing_opens_memory():
    assert isinstance(open_store(None), MemoryStore)


def test_another_database_is_refused():
    with pytest.raises(ValueError, match="mysql://"):
        open_store("mysql://host/name")


def test_without_psycopg_the_answer_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg.conninfo", None)
    with pytest.raises(StoreUnavailable, match=r"doorward\[postgresql\]"):
        open_store("postgresql://host/name")


@pytest.mark.parametrize("module", ["psycopg", "sqlite3"])
def test_no_database_is_imported_before_it_is_used(module):
    code = f"import sys, doorward.store; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
