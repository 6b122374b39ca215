import gzip
import json

import pytest
from tests.app.delivery.s3_server import KEY_ID, SECRET, s3_server
from tests.house import TestHouse, raises_aws

from doorward.app.delivery.s3 import S3Target
from doorward.app.delivery.target import File, NotDelivered

FILE = File(
    bucket="logs",
    name="a b/AWSLogs/1/x+y.json.gz",
    data=b"data" * 1000,
    metadata={"signature": "ab" * 256, "signature-algorithm": "SHA256withRSA"},
)


@pytest.fixture
def server():
    with s3_server() as made:
        made.make("logs")
        yield made


@pytest.fixture
def target(server):
    return S3Target(server.endpoint, "us-east-1", KEY_ID, SECRET)


def test_a_file_and_its_metadata(server, target):
    target.put(FILE)
    ((place, (data, kept)),) = server.objects.items()
    assert place == (FILE.bucket, FILE.name)
    assert data == FILE.data
    assert kept == {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "x-amz-meta-signature": "ab" * 256,
        "x-amz-meta-signature-algorithm": "SHA256withRSA",
    }


def test_a_file_is_put_again(server, target):
    target.put(FILE)
    target.put(FILE)
    assert len(server.objects) == 1


def test_faults_of_buckets(server, target):
    assert target.fault("logs") == ""
    assert target.fault("none") == "missing"
    stranger = S3Target(server.endpoint, "us-east-1", KEY_ID, "wrong")
    assert stranger.fault("logs") == "refused"


def test_what_the_server_refuses_is_told(server, target):
    with pytest.raises(NotDelivered, match="NoSuchBucket"):
        target.put(File(bucket="none", name="x", data=b""))
    server.refuse = "AccessDenied"
    with pytest.raises(NotDelivered) as caught:
        target.put(FILE)
    assert caught.value.code == "AccessDenied"


def test_a_server_that_is_not_there():
    with s3_server() as gone:
        endpoint = gone.endpoint
    target = S3Target(endpoint, "us-east-1", KEY_ID, SECRET)
    assert target.fault("logs") == "refused"
    with pytest.raises(NotDelivered) as caught:
        target.put(FILE)
    assert caught.value.code == "ServiceUnavailable"


def test_keys_are_found_as_aws_clients_find_them(server, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert S3Target(server.endpoint, "us-east-1", "", "").fault("logs") == ""


def test_a_trail_delivers_there(server):
    house = TestHouse(
        **{
            "trail.s3_endpoint": server.endpoint,
            "trail.s3_access_key_id": KEY_ID,
            "trail.s3_secret_access_key": SECRET,
        }
    )
    try:
        trails = house.cloudtrail
        with raises_aws("S3BucketDoesNotExistException"):
            trails.create_trail(Name="main", S3BucketName="none")
        trails.create_trail(Name="main", S3BucketName="logs", EnableLogFileValidation=True)
        trails.start_logging(Name="main")
        house.records()
        server.refuse = "AccessDenied"
        house.run(house.house.delivery.round())
        assert trails.get_trail_status(Name="main")["LatestDigestDeliveryError"] == "AccessDenied"
        server.refuse = ""
        house.run(house.house.delivery.round())
        (name,) = server.names("CloudTrail")
        data, _ = server.objects["logs", name]
        first = json.loads(gzip.decompress(data))["Records"][0]
        assert first["eventName"] == "StartLogging"
        assert len(server.names("CloudTrail-Digest")) == 1
    finally:
        house.close()
