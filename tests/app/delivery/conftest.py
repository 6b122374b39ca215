import pytest
from tests.app.delivery.delivering import Delivering


@pytest.fixture
def delivering():
    made = Delivering()
    yield made
    made.close()
