import pytest
from tests.store.postgres import postgres_cluster

__all__ = ["postgres_cluster"]

pytest.register_assert_rewrite("tests.durability.ledger")
