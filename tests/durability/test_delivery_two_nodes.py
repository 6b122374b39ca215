"""Two nodes on one PostgreSQL deliver into one folder, and one of them is killed: once each."""

import gzip
import json
import os
from base64 import b64encode
from collections import Counter
from contextlib import closing
from time import monotonic

import boto3
from tests.durability.ledger import records_of
from tests.durability.server import started

from doorward.app.delivery.checking import Checker, Span
from doorward.app.delivery.known import KnownByStore
from doorward.store import open_store

WITHIN_S = 30


def client(service, server, admin):
    return boto3.client(
        service,
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=admin[0],
        aws_secret_access_key=admin[1],
    )


def delivered(bucket):
    """How often each record was delivered."""
    places = [each for each in bucket.rglob("*.json.gz") if "_CloudTrail_" in each.name]
    files = [json.loads(gzip.decompress(each.read_bytes())) for each in places]
    return Counter(record["eventID"] for file in files for record in file["Records"])


def logged(store, account):
    """The ids of every record since the trail began to log."""
    records = records_of(store, account)
    began = next(each["eventTime"] for each in records if each["eventName"] == "StartLogging")
    return {
        record["eventID"]
        for record in records
        if record["eventTime"] >= began and record["eventName"] != "CreateTrail"
    }


def wait_until(happened):
    deadline = monotonic() + WITHIN_S
    while not happened():
        assert monotonic() < deadline, f"not within {WITHIN_S} s"


def test_each_record_comes_once_whichever_node_delivers(tmp_path, postgres_cluster):
    url, bucket = postgres_cluster.database(), tmp_path / "buckets" / "logs"
    settings = {
        "trail.directory": bucket.parent,
        "trail.buckets": "logs",
        "trail.delivery_s": 1,
        "trail.digest_s": 2,
    }
    options = ["--database", url, *(f"--set={name}={value}" for name, value in settings.items())]
    key = b64encode(os.urandom(32)).decode()
    with (
        started(tmp_path / "one", *options, DOORWARD_MASTER_KEY=key) as one,
        started(tmp_path / "two", *options, DOORWARD_MASTER_KEY=key) as two,
    ):
        admin = tuple(one.facts["admin"].values())
        trails = client("cloudtrail", two, admin)
        trails.create_trail(Name="main", S3BucketName="logs", EnableLogFileValidation=True)
        trails.start_logging(Name="main")
        for number in range(60):
            node = (one, two)[number % 2] if number < 40 else two
            client("iam", node, admin).create_user(UserName=f"u{number}")
            if number == 40:
                one.kill()
        with closing(open_store(url)) as store:
            wait_until(lambda: logged(store, one.account) <= delivered(bucket).keys())
            wait_until(lambda: len(list(bucket.rglob("*Digest*.json.gz"))) > 2)
    with closing(open_store(url)) as store:
        assert set(delivered(bucket).values()) == {1}
        known = KnownByStore(store)
        found = Checker(bucket, known.keys(), known, Span(), lambda _text: None).run()
    assert found.troubles == []
    assert found.records == sum(delivered(bucket).values())
