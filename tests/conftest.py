import pytest
from hypothesis import HealthCheck, settings
from tests.house import TestHouse

# A machine that is busy makes an example slow, and that is no failure.
settings.register_profile(
    "doorward", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("doorward")

LONGEST_ID = 60


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


def pytest_make_parametrize_id(val, argname):
    """Long texts and bytes, which may be new in every run, are named by their argument."""
    if isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_ID):
        return argname
    return None
