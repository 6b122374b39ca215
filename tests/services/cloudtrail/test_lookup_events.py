import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.serialize import create_serializer
from tests.house import raises_aws

NAMES = ["ann", "bob", "eve"]


@pytest.fixture
def trail(house):
    """The administrator's client, after three users were made."""
    for name in NAMES:
        house.iam.create_user(UserName=name)
    house.iam.get_user(UserName="ann")
    house.records()
    return house.cloudtrail


def lookup(client, **given):
    return client.lookup_events(**given)["Events"]


def by(key, value):
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def names(events):
    return [event["EventName"] for event in events]


def test_an_entry(house, trail):
    event = lookup(trail, **by("ResourceName", "ann"))[0]
    user = house.iam.get_user(UserName="ann")["User"]
    shown = json.loads(event.pop("CloudTrailEvent"))
    when = event.pop("EventTime")
    assert when == datetime.fromisoformat(shown["eventTime"])
    assert event == {
        "EventId": shown["eventID"],
        "EventName": "CreateUser",
        "ReadOnly": "false",
        "AccessKeyId": house.admin.access_key_id,
        "EventSource": "iam.amazonaws.com",
        "Username": "admin",
        "Resources": [
            {"ResourceType": "AWS::IAM::User", "ResourceName": "ann"},
            {"ResourceType": "AWS::IAM::User", "ResourceName": user["UserId"]},
            {"ResourceType": "AWS::IAM::User", "ResourceName": user["Arn"]},
        ],
    }


def test_newest_first(trail):
    assert names(lookup(trail))[:4] == ["GetUser", "CreateUser", "CreateUser", "CreateUser"]


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("EventName", "CreateUser", ["CreateUser"] * 3),
        ("EventName", "createuser", []),
        ("EventSource", "sts.amazonaws.com", []),
        ("ReadOnly", "true", ["GetUser"]),
        ("ReadOnly", "false", ["CreateUser"] * 3),
        ("Username", "admin", ["GetUser", "CreateUser", "CreateUser", "CreateUser"]),
        ("Username", "nobody", []),
        ("ResourceType", "AWS::IAM::User", ["CreateUser"] * 3),
        ("ResourceType", "AWS::No::Such", []),
        ("ResourceName", "eve", ["CreateUser"]),
        ("ResourceName", "x" * 2000, []),
        ("EventId", "no-such-id", []),
    ],
)
def test_attributes(trail, key, value, found):
    assert names(lookup(trail, **by(key, value))) == found


def test_by_key_and_by_id(house, trail):
    by_key = lookup(trail, **by("AccessKeyId", house.admin.access_key_id))
    assert len(by_key) == 4
    assert lookup(trail, **by("EventId", by_key[0]["EventId"])) == by_key[:1]


@pytest.mark.parametrize("value", ["True", "other", "FALSE"])
def test_read_only_is_true_or_false(trail, value):
    with raises_aws("InvalidLookupAttributesException"):
        lookup(trail, **by("ReadOnly", value))


def test_one_attribute_at_most(trail):
    attribute = {"AttributeKey": "Username", "AttributeValue": "admin"}
    with raises_aws("InvalidLookupAttributesException"):
        lookup(trail, LookupAttributes=[attribute, attribute])


class TestTimes:
    def test_a_range_has_its_ends(self, house, trail):
        house.clock.advance(hours=2)
        house.iam.create_user(UserName="late")
        house.records()
        hour_ago = house.clock() - timedelta(hours=1)
        late = [
            event["Resources"][0]["ResourceName"] for event in lookup(trail, StartTime=hour_ago)
        ]
        assert late == ["late"]
        assert len(lookup(trail, EndTime=hour_ago)) == 4

    def test_both_ends_are_included(self, trail):
        made = lookup(trail, **by("ResourceName", "ann"))[0]
        exact = {
            "StartTime": made["EventTime"],
            "EndTime": made["EventTime"] + timedelta(seconds=1),
        }
        assert made in lookup(trail, **exact)

    def test_events_are_kept_for_ninety_days(self, house, trail):
        house.clock.advance(days=89)
        assert len(lookup(trail, **by("EventName", "CreateUser"))) == 3
        house.clock.advance(days=2)
        long_ago = house.clock() - timedelta(days=365)
        assert lookup(trail, **by("EventName", "CreateUser")) == []
        assert lookup(trail, **by("EventName", "CreateUser"), StartTime=long_ago) == []

    def test_the_start_lies_ahead(self, house, trail):
        with raises_aws("InvalidTimeRangeException"):
            lookup(trail, StartTime=house.clock() + timedelta(minutes=1))

    def test_the_start_is_after_the_end(self, house, trail):
        now = house.clock()
        with raises_aws("InvalidTimeRangeException"):
            lookup(trail, StartTime=now - timedelta(hours=1), EndTime=now - timedelta(hours=2))

    def test_an_end_ahead_is_fine(self, house, trail):
        assert lookup(trail, EndTime=house.clock() + timedelta(days=1))


class TestPages:
    def test_they_follow_one_another(self, trail):
        query = by("EventName", "CreateUser")
        first = trail.lookup_events(**query, MaxResults=2)
        second = trail.lookup_events(**query, MaxResults=2, NextToken=first["NextToken"])
        shown = [event["Resources"][0]["ResourceName"] for event in first["Events"]]
        shown += [event["Resources"][0]["ResourceName"] for event in second["Events"]]
        assert shown == ["eve", "bob", "ann"]
        assert "NextToken" not in second

    def test_the_last_page_may_be_full(self, trail):
        assert "NextToken" not in trail.lookup_events(**by("EventName", "CreateUser"), MaxResults=3)

    def test_what_happens_meanwhile_does_not_shift_them(self, house, trail):
        query = by("EventName", "CreateUser")
        token = trail.lookup_events(**query, MaxResults=1)["NextToken"]
        house.iam.create_user(UserName="late")
        house.records()
        rest = trail.lookup_events(**query, NextToken=token)["Events"]
        assert [event["Resources"][0]["ResourceName"] for event in rest] == ["bob", "ann"]

    @pytest.mark.parametrize(
        "other", [{}, by("EventName", "GetUser"), {"StartTime": datetime(2026, 1, 1, tzinfo=UTC)}]
    )
    def test_a_token_is_of_its_query(self, trail, other):
        token = trail.lookup_events(**by("EventName", "CreateUser"), MaxResults=1)["NextToken"]
        with raises_aws("InvalidNextTokenException"):
            trail.lookup_events(**other, NextToken=token)

    def test_a_token_expires(self, house, trail):
        token = trail.lookup_events(MaxResults=1)["NextToken"]
        house.clock.advance(minutes=59)
        assert trail.lookup_events(MaxResults=1, NextToken=token)
        house.clock.advance(minutes=2)
        with raises_aws("InvalidNextTokenException"):
            trail.lookup_events(MaxResults=1, NextToken=token)

    def test_a_token_is_not_made_up(self, trail):
        with raises_aws("InvalidNextTokenException"):
            trail.lookup_events(NextToken="bm90IG91cnM=")


def test_there_are_no_insights(trail):
    assert lookup(trail, EventCategory="insight") == []


@pytest.fixture
def unchecked(trail, monkeypatch):
    """A client that sends what its model forbids."""
    protocol = trail.meta.service_model.resolved_protocol
    monkeypatch.setattr(trail, "_serializer", create_serializer(protocol, include_validation=False))
    return trail


@pytest.mark.parametrize("count", [0, 51])
def test_how_many_results(unchecked, count):
    with raises_aws("InvalidMaxResultsException"):
        unchecked.lookup_events(MaxResults=count)


@pytest.mark.parametrize("count", [1, 50])
def test_bounds_of_results(trail, count):
    assert 1 <= len(lookup(trail, MaxResults=count)) <= count


def test_other_categories(unchecked):
    with raises_aws("InvalidEventCategoryException"):
        unchecked.lookup_events(EventCategory="other")


def test_it_needs_permission(house):
    house.iam.create_user(UserName="ann")
    with raises_aws("AccessDeniedException"):
        house.user_client("ann", "cloudtrail").lookup_events()


def test_a_role_session_is_found_by_its_name(house):
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": house.account_id},
            "Action": "sts:AssumeRole",
        },
    }
    house.iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=json.dumps(trust))
    arn = f"arn:aws:iam::{house.account_id}:role/deploy"
    answer = house.sts.assume_role(RoleArn=arn, RoleSessionName="nightly")
    house.client_of(answer["Credentials"], "sts").get_caller_identity()
    house.records()
    assert names(lookup(house.cloudtrail, **by("Username", "nightly"))) == ["GetCallerIdentity"]
    of_role = lookup(house.cloudtrail, **by("ResourceName", arn))
    assert names(of_role) == ["AssumeRole", "CreateRole"]
