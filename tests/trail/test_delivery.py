import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.trail.delivery import (
    head_of,
    log_body,
    log_name,
    packed,
    suffix_of,
    times,
    unpacked,
    whole_second,
)

AT = datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
ACCOUNT = "111122223333"
NAME = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/111122223333_CloudTrail_us-east-1_"


@pytest.mark.parametrize(
    ("prefix", "at", "name"),
    [
        (None, AT, f"{NAME}20260301T2355Z_ABC.json.gz"),
        ("", AT, f"{NAME}20260301T2355Z_ABC.json.gz"),
        ("a/b", AT, f"a/b/{NAME}20260301T2355Z_ABC.json.gz"),
        (None, AT.replace(minute=5), f"{NAME}20260301T2305Z_ABC.json.gz"),
        (None, AT.replace(minute=4), f"{NAME}20260301T2300Z_ABC.json.gz"),
    ],
)
def test_names(prefix, at, name):
    assert log_name(prefix, ACCOUNT, "us-east-1", at, "ABC") == name


def test_suffixes_are_of_their_seed_and_region():
    assert suffix_of("s", "us-east-1") == suffix_of("s", "us-east-1")
    others = {suffix_of("s", "eu-west-1"), suffix_of("t", "us-east-1")}
    assert suffix_of("s", "us-east-1") not in others
    assert len(suffix_of("s", "us-east-1")) == 16


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_packed_bytes_come_back_and_are_always_the_same(bodies):
    text = log_body(bodies)
    assert packed(text) == packed(text)
    assert unpacked(packed(text), len(text)) == text
    assert gzip.decompress(packed(text)) == text


def test_a_body_is_json():
    assert log_body([b'{"a":1}', b"{}"]) == b'{"Records":[{"a":1},{}]}'
    assert log_body([]) == b'{"Records":[]}'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "its end is missing"),
        (b"text", "it is no gzip file"),
        (packed(b"text")[:-1], "its end is missing"),
        (packed(b"text") + b"x", "bytes behind its end"),
        (packed(b"12345678901"), "longer than 10 bytes"),
        (packed(b"\0" * 10_000_000), "longer than 10 bytes"),
    ],
)
def test_bytes_that_are_no_file(data, reason):
    with pytest.raises(ValueError, match=reason):
        unpacked(data, 10)


@given(st.binary(max_size=200))
def test_whatever_lies_there_is_a_text_or_a_value_error(data):
    with suppress(ValueError):
        assert len(unpacked(data, 100)) <= 100


def test_the_head_of_a_record():
    head = head_of(
        b'{"eventTime":"2026-03-01T00:00:00Z","eventSource":"iam.amazonaws.com","readOnly":true,'
        b'"userIdentity":{"type":"Root","arn":"arn:aws:iam::1:root","sessionContext":{"a":[]}}}'
    )
    assert (head.event_source, head.read_only, head.caller) == (
        "iam.amazonaws.com",
        True,
        "arn:aws:iam::1:root",
    )
    assert head.event_category == "Management"
    assert head_of(b"{}").caller == ""


def test_newest_and_oldest():
    heads = [head_of(b'{"eventTime":"%d"}' % each) for each in (2, 9, 1)]
    assert times(heads) == ("9", "1")


def test_a_second_is_whole_and_utc():
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert whole_second(elsewhere).isoformat() == "2026-03-01T23:59:59+00:00"
