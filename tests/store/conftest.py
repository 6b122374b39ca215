import pytest
from tests.store.postgres import postgres_cluster

from doorward.store.memory import MemoryStore
from doorward.store.sqlite import SqliteStore

__all__ = ["postgres_cluster"]

pytest.register_assert_rewrite("tests.store.conformance")


@pytest.fixture
def memory():
    return MemoryStore()


@pytest.fixture
def sqlite(tmp_path):
    store = SqliteStore(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def postgres(request):
    from doorward.store.postgres import PostgresStore

    store = PostgresStore(request.getfixturevalue("postgres_cluster").database())
    yield store
    store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request):
    return request.getfixturevalue(request.param)
