import pytest
from tests.store.conformance import StoreConformance


class TestPostgresStore(StoreConformance):
    @pytest.fixture
    def store(self, postgres):
        return postgres
