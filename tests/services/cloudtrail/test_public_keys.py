from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from tests.house import raises_aws

from doorward.trail.digest_keys import fingerprint


@pytest.fixture
def keyed(house, trails):
    """A trail that has delivered its first digest."""
    trails.create_trail(Name="main", S3BucketName="logs", EnableLogFileValidation=True)
    trails.start_logging(Name="main")
    house.run(house.house.delivery.round())
    return trails


def test_a_key(keyed):
    (key,) = keyed.list_public_keys()["PublicKeyList"]
    public = load_der_public_key(key["Value"])
    assert public.key_size == 2048
    assert public.public_bytes(Encoding.DER, PublicFormat.PKCS1) == key["Value"]
    assert key["Fingerprint"] == fingerprint(key["Value"])
    assert key["ValidityEndTime"] - key["ValidityStartTime"] == timedelta(days=30)


def test_a_bad_token_is_passed_over(keyed):
    assert len(keyed.list_public_keys(NextToken="made-up")["PublicKeyList"]) == 1


def test_keys_of_a_time(house, keyed):
    now = house.clock()
    for start, end, count in ((-3, -2, 0), (-3, 1, 1), (29, 40, 1), (31, 40, 0)):
        span = {
            "StartTime": now + timedelta(days=start),
            "EndTime": now + timedelta(days=end),
        }
        assert len(keyed.list_public_keys(**span)["PublicKeyList"]) == count
    with raises_aws("InvalidTimeRangeException"):
        keyed.list_public_keys(StartTime=now, EndTime=now - timedelta(days=1))


def test_no_key_before_a_digest(trails):
    assert trails.list_public_keys()["PublicKeyList"] == []
