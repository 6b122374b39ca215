import pytest

pytest.register_assert_rewrite("tests.store.conformance")

from doorward.store.memory import MemoryStore
from doorward.store.sqlite import SqliteStore
from tests.store.postgres import postgres_cluster  # noqa: F401 - a fixture


@pytest.fixture
def memory():
    return MemoryStore()


@pytest.fixture
def sqlite(tmp_path):
    store = SqliteStore(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def postgres(postgres_cluster):  # noqa: F811 - it is the fixture
    from doorward.store.postgres import PostgresStore

    store = PostgresStore(postgres_cluster.database())
    yield store
    store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request):
    return request.getfixturevalue(request.param)
