import pytest
from tests.house import TestHouse


@pytest.fixture(scope="session")
def _shared_house():
    house = TestHouse()
    yield house
    house.close()


@pytest.fixture
def house(_shared_house):
    """A whole Doorward in memory, as after its first start."""
    _shared_house.reset()
    return _shared_house
