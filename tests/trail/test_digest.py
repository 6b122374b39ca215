import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.trail.digest import (
    Digest,
    Link,
    LogFile,
    digest_name,
    hashed,
    metadata,
    read_digest,
    read_side,
    signed_text,
    text_of,
)

FILES = (
    LogFile(
        bucket="b",
        name="one",
        hash="11",
        newest="2026-03-01T00:09:00Z",
        oldest="2026-03-01T00:01:00Z",
    ),
    LogFile(
        bucket="b",
        name="two",
        hash="22",
        newest="2026-03-01T00:19:00Z",
        oldest="2026-03-01T00:03:00Z",
    ),
)
FIRST = Digest(
    account="111122223333",
    start="2026-03-01T00:00:00Z",
    end="2026-03-01T01:00:00Z",
    bucket="b",
    name="AWSLogs/d1",
    fingerprint="ff",
    previous=None,
    files=(),
)
LINK = Link(bucket="b", name="AWSLogs/d1", hash="aa", signature="bb")
SECOND = Digest(
    account="111122223333",
    start="2026-03-01T01:00:00Z",
    end="2026-03-01T02:00:00Z",
    bucket="b",
    name="AWSLogs/d2",
    fingerprint="ff",
    previous=LINK,
    files=FILES,
)


def test_the_name():
    end = datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)
    name = digest_name("p", "111122223333", "eu-west-1", ("main", "us-east-1"), end)
    assert name == (
        "p/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/"
        "111122223333_CloudTrail-Digest_eu-west-1_main_us-east-1_20260301T020304Z.json.gz"
    )


def test_the_members_in_awss_order():
    assert list(json.loads(text_of(SECOND)).items()) == [
        ("awsAccountId", "111122223333"),
        ("digestStartTime", "2026-03-01T01:00:00Z"),
        ("digestEndTime", "2026-03-01T02:00:00Z"),
        ("digestS3Bucket", "b"),
        ("digestS3Object", "AWSLogs/d2"),
        ("digestPublicKeyFingerprint", "ff"),
        ("digestSignatureAlgorithm", "SHA256withRSA"),
        ("newestEventTime", "2026-03-01T00:19:00Z"),
        ("oldestEventTime", "2026-03-01T00:01:00Z"),
        ("previousDigestS3Bucket", "b"),
        ("previousDigestS3Object", "AWSLogs/d1"),
        ("previousDigestHashValue", "aa"),
        ("previousDigestHashAlgorithm", "SHA-256"),
        ("previousDigestSignature", "bb"),
        (
            "logFiles",
            [
                {
                    "s3Bucket": "b",
                    "s3Object": each.name,
                    "hashValue": each.hash,
                    "hashAlgorithm": "SHA-256",
                    "newestEventTime": each.newest,
                    "oldestEventTime": each.oldest,
                }
                for each in FILES
            ],
        ),
    ]


@pytest.mark.parametrize("digest", [FIRST, SECOND])
def test_it_is_read_back(digest):
    assert read_digest(text_of(digest)) == digest


def test_what_is_signed():
    text = text_of(SECOND)
    wanted = f"2026-03-01T02:00:00Z\nb/AWSLogs/d2\n{hashed(text)}\nbb"
    assert signed_text(SECOND, text) == wanted.encode()
    assert signed_text(FIRST, b"").endswith(b"\nnull")


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"{}", b"\xff", b'{"awsAccountId":1}', text_of(FIRST).replace(b"[]", b"[{}]")],
)
def test_what_is_no_digest(text):
    with pytest.raises(ValueError, match="it is no digest"):
        read_digest(text)


@given(st.binary(max_size=100))
def test_whatever_lies_there_is_a_digest_or_a_value_error(text):
    with pytest.raises(ValueError, match="it is no digest"):
        read_digest(text)


def test_a_link_may_lack_everything_but_its_name():
    text = json.loads(text_of(SECOND)) | {
        "previousDigestS3Bucket": None,
        "previousDigestHashValue": None,
        "previousDigestSignature": None,
    }
    before = read_digest(json.dumps(text).encode()).previous
    assert before == Link(bucket="", name="AWSLogs/d1", hash="", signature="")


def test_the_file_beside_it():
    assert read_side(json.dumps(metadata("ab")).encode()) == "ab"
    assert metadata("ab") == {"signature": "ab", "signature-algorithm": "SHA256withRSA"}
    for broken in (b"", b"{}", b"[1]", b"\xff", b'{"signature":1}'):
        assert read_side(broken) == ""
