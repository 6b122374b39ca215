from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from doorward.account.trails import (
    MOST_SPANS,
    AdvancedSelector,
    DigestKey,
    EventSelector,
    FieldSelector,
    Span,
    Trail,
    digest_key_place,
)
from doorward.trail.delivery import EventHead

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
TRAIL = Trail(name="main", trail_id="1", region="us-east-1", created=NOW, bucket="logs")


def changed(**given):
    return replace(TRAIL, **given)


EVENT = EventHead(
    event_source="iam.amazonaws.com",
    event_name="CreateUser",
    aws_region="us-east-1",
    read_only=False,
    event_type="AwsApiCall",
    user_identity={"arn": msgspec.Raw(b'"arn:aws:iam::1:user/ann"')},
)
READ = EventHead(
    event_source="s3.amazonaws.com",
    event_name="GetX",
    aws_region="us-east-1",
    read_only=True,
    event_type="AwsApiCall",
)
ELSEWHERE = EventHead(event_source="sts.amazonaws.com", aws_region="eu-west-1")


def test_where_it_stands():
    assert (TRAIL.key, TRAIL.resource, TRAIL.ids) == ("us-east-1/main", "trail/main", ())
    assert changed(deleted=NOW).key == "deleted/1"
    key = DigestKey(fingerprint="ff", public=b"", start=NOW, end=LATER)
    assert (key.key, key.resource, key.ids) == ("ff", "ff", ())
    assert digest_key_place("ff") == "digest-key/ff"


def test_started_and_stopped():
    assert not TRAIL.is_logging
    assert TRAIL.stopped(NOW) == TRAIL
    started = TRAIL.started(NOW)
    assert started.is_logging
    assert started.started(LATER) == started
    stopped = started.stopped(LATER)
    assert stopped.spans == (Span(NOW, LATER),)
    assert not stopped.is_logging


def test_a_start_counts_from_its_millisecond():
    at = NOW.replace(microsecond=123456)
    assert TRAIL.started(at).spans[0].start == NOW.replace(microsecond=123000)


@pytest.mark.parametrize(
    ("minutes", "logged"), [(-1, False), (0, True), (5, True), (10, True), (11, False), (20, True)]
)
def test_when_it_logged(minutes, logged):
    ends = NOW + timedelta(minutes=10)
    trail = changed(spans=(Span(NOW, ends), Span(NOW + timedelta(minutes=20))))
    assert trail.logged_at(NOW + timedelta(minutes=minutes)) is logged


def test_spans_do_not_grow_for_ever_and_forget_no_time():
    trail, at = TRAIL, NOW
    for _ in range(MOST_SPANS + 4):
        trail = trail.started(at).stopped(at + timedelta(minutes=1))
        at += timedelta(minutes=2)
    assert len(trail.spans) == MOST_SPANS
    assert trail.spans[0].start == NOW
    for minutes in range(0, 2 * MOST_SPANS, 2):
        assert trail.logged_at(NOW + timedelta(minutes=minutes))


def selectors(**given):
    return changed(selectors=(EventSelector(**given),))


def advanced(*fields):
    return changed(advanced=(AdvancedSelector("", fields),))


@pytest.mark.parametrize(
    ("trail", "event", "kept"),
    [
        (TRAIL, EVENT, True),
        (TRAIL, READ, True),
        (TRAIL, ELSEWHERE, False),
        (changed(multi_region=True), ELSEWHERE, True),
        (changed(global_events=False), EVENT, False),
        (changed(global_events=False), READ, True),
        (selectors(read_write="WriteOnly"), EVENT, True),
        (selectors(read_write="WriteOnly"), READ, False),
        (selectors(read_write="ReadOnly"), EVENT, False),
        (selectors(read_write="ReadOnly"), READ, True),
        (selectors(management=False), EVENT, False),
        (selectors(excluded=("iam.amazonaws.com",)), EVENT, False),
        (selectors(excluded=("kms.amazonaws.com",)), EVENT, True),
        (changed(selectors=(EventSelector("ReadOnly"), EventSelector("WriteOnly"))), EVENT, True),
        (advanced(FieldSelector("eventCategory", equals=("Management",))), EVENT, True),
        (advanced(FieldSelector("eventCategory", equals=("Data",))), EVENT, False),
        (advanced(FieldSelector("readOnly", equals=("true",))), EVENT, False),
        (advanced(FieldSelector("readOnly", equals=("true",))), READ, True),
        (advanced(FieldSelector("eventSource", not_equals=("iam.amazonaws.com",))), EVENT, False),
        (advanced(FieldSelector("eventSource", not_equals=("iam.amazonaws.com",))), READ, True),
        (advanced(FieldSelector("eventName", starts_with=("Create", "Get"))), EVENT, True),
        (advanced(FieldSelector("eventName", starts_with=("Delete",))), EVENT, False),
        (advanced(FieldSelector("eventName", ends_with=("User",))), EVENT, True),
        (advanced(FieldSelector("eventName", not_starts_with=("Create",))), EVENT, False),
        (advanced(FieldSelector("eventName", not_ends_with=("User",))), EVENT, False),
        (
            advanced(FieldSelector("eventName", starts_with=("C",), not_ends_with=("User",))),
            EVENT,
            False,
        ),
        (advanced(FieldSelector("eventType", equals=("AwsApiCall",))), EVENT, True),
        (
            advanced(FieldSelector("userIdentity.arn", ends_with=("/ann",))),
            EVENT,
            True,
        ),
        (advanced(FieldSelector("resources.type", equals=("AWS::S3::Object",))), EVENT, False),
        (advanced(), EVENT, True),
    ],
)
def test_what_it_chooses(trail, event, kept):
    assert trail.chooses(event) is kept


def test_it_is_stored_and_read_back():
    trail = selectors(excluded=("kms.amazonaws.com",)).started(NOW)
    assert msgspec.json.decode(msgspec.json.encode(trail), type=Trail) == trail
