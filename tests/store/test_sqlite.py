import pytest
from tests.store.conformance import StoreConformance


class TestSqliteStore(StoreConformance):
    @pytest.fixture
    def store(self, sqlite):
        return sqlite
