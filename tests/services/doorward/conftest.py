import pytest
from tests.services.doorward.gateway import Gateway


@pytest.fixture
def gateway(house):
    return Gateway(house)
