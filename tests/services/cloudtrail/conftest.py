import pytest

BUCKET = "logs"


@pytest.fixture
def trails(house):
    """The administrator's client, and a bucket that trails can deliver to."""
    house.house.target.make(BUCKET)
    return house.cloudtrail
