"""AWS's own `aws cloudtrail validate-logs` proves what a trail delivered, and finds what is not."""

import gzip
import json
import re
import subprocess
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from tests.app.delivery.s3_server import KEY_ID, SECRET, s3_server
from tests.clients.server import started

DIGESTS = 4


@pytest.fixture(scope="module")
def delivered():
    """A server, the S3 it delivers to, and the ARN of a trail with a few digests."""
    with s3_server() as bucket:
        bucket.make("logs")
        settings = {
            "trail.s3_endpoint": bucket.endpoint,
            "trail.s3_access_key_id": KEY_ID,
            "trail.s3_secret_access_key": SECRET,
            "trail.delivery_s": 1,
            "trail.digest_s": 2,
        }
        options = [f"--set={name}={value}" for name, value in settings.items()]
        with started(*options) as server:
            bucket.secrets[server.admin.key_id] = server.admin.secret
            arn = made(server)
            bucket.wait_for(lambda there: len(there.names("CloudTrail-Digest")) >= DIGESTS)
            yield server, bucket, arn


def made(server):
    given = {
        "endpoint_url": server.endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": server.admin.key_id,
        "aws_secret_access_key": server.admin.secret,
    }
    trails = boto3.client("cloudtrail", **given)
    trail = trails.create_trail(Name="main", S3BucketName="logs", EnableLogFileValidation=True)
    trails.start_logging(Name="main")
    boto3.client("iam", **given).create_user(UserName="ann")
    return trail["TrailARN"]


@pytest.fixture
def validate(delivered, aws_1_words):
    """Run it; its exit code and words."""
    server, bucket, arn = delivered
    words, extra = aws_1_words
    start = datetime.now(UTC) - timedelta(minutes=30)

    def run():
        done = subprocess.run(
            [
                *words,
                "cloudtrail",
                "validate-logs",
                "--trail-arn",
                arn,
                "--start-time",
                start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "--verbose",
            ],
            env=server.environment() | {"AWS_ENDPOINT_URL_S3": bucket.endpoint} | extra,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_everything_is_valid_until_a_record_is_removed(delivered, validate):
    _, bucket, _ = delivered
    code, said = validate()
    assert code == 0, said
    assert "digest files valid" in said
    assert re.search(r"([1-9][0-9]*)/\1 log files valid", said)
    assert "INVALID" not in said
    (name, *_) = bucket.names("CloudTrail")
    data, headers = bucket.objects["logs", name]
    records = json.loads(gzip.decompress(data))["Records"]
    spoilt = gzip.compress(json.dumps({"Records": records[1:]}).encode())
    bucket.objects["logs", name] = (spoilt, headers)
    code, said = validate()
    assert code == 1
    assert "INVALID: hash value doesn't match" in said
