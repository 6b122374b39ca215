import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.trail.event_pattern import BadEventPattern, event_of, event_pattern, is_delivered

EVENT = {
    "source": "aws.iam",
    "flag": True,
    "none": None,
    "list": ["a", "b"],
    "empty": [],
    "objects": [{"k": 1}, {"k": 2}],
    "detail": {"eventName": "CreateUser", "count": 5, "ip": "10.0.0.7", "star": "a*b"},
}


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ({"source": ["aws.iam"]}, True),
        ({"source": ["aws.sts", "aws.iam"]}, True),
        ({"source": ["aws.sts"]}, False),
        ({"source": ["aws.iam"], "flag": [False]}, False),
        ({"flag": [True]}, True),
        ({"flag": [1]}, False),
        ({"none": [None]}, True),
        ({"missing": [None]}, False),
        ({"list": ["b"]}, True),
        ({"list": ["c"]}, False),
        ({"objects": {"k": [2]}}, True),
        ({"source": {"deeper": ["x"]}}, False),
        ({"detail": {"eventName": ["CreateUser"], "count": [5]}}, True),
        ({"detail": {"eventName": [{"prefix": "Create"}]}}, True),
        ({"detail": {"eventName": [{"prefix": {"equals-ignore-case": "create"}}]}}, True),
        ({"detail": {"eventName": [{"suffix": "User"}]}}, True),
        ({"detail": {"eventName": [{"suffix": {"equals-ignore-case": "USER"}}]}}, True),
        ({"detail": {"eventName": [{"equals-ignore-case": "createuser"}]}}, True),
        ({"detail": {"eventName": [{"wildcard": "C*e*r"}]}}, True),
        ({"detail": {"eventName": [{"wildcard": "C*x"}]}}, False),
        ({"detail": {"star": [{"wildcard": "a\\*b"}]}}, True),
        ({"detail": {"eventName": [{"anything-but": "DeleteUser"}]}}, True),
        ({"detail": {"eventName": [{"anything-but": ["CreateUser", "x"]}]}}, False),
        ({"detail": {"eventName": [{"anything-but": {"prefix": "Del"}}]}}, True),
        ({"detail": {"eventName": [{"anything-but": {"prefix": ["Del", "Cre"]}}]}}, False),
        ({"detail": {"missing": [{"anything-but": "x"}]}}, False),
        ({"detail": {"missing": [{"exists": False}]}}, True),
        ({"detail": {"count": [{"exists": True}]}}, True),
        ({"empty": [{"exists": False}]}, True),
        ({"detail": {"count": [{"numeric": [">", 4, "<=", 5]}]}}, True),
        ({"detail": {"count": [{"numeric": ["=", 4]}]}}, False),
        ({"flag": [{"numeric": ["=", 1]}]}, False),
        ({"detail": {"ip": [{"cidr": "10.0.0.0/8"}]}}, True),
        ({"detail": {"ip": [{"cidr": "192.0.2.0/24"}]}}, False),
        ({"detail": {"eventName": [{"cidr": "192.0.2.0/24"}]}}, False),
        ({"$or": [{"source": ["x"]}, {"flag": [True]}]}, True),
        ({"$or": [{"source": ["x"]}, {"flag": [False]}]}, False),
    ],
)
def test_what_matches(pattern, matches):
    assert event_pattern(json.dumps(pattern)).matches(EVENT) is matches


def nested(depth):
    return {"a": nested(depth - 1)} if depth else {"a": ["x"]}


@pytest.mark.parametrize(
    "pattern",
    [
        [],
        {},
        {"a": "b"},
        {"a": []},
        {"a": {}},
        {"a": [["b"]]},
        {"a": list(range(301))},
        {"a": [{"prefix": 1}]},
        {"a": [{"prefix": "x", "suffix": "y"}]},
        {"a": [{"regex": "x"}]},
        {"a": [{"exists": "x"}]},
        {"a": [{"numeric": ["~", 1]}]},
        {"a": [{"numeric": [">"]}]},
        {"a": [{"numeric": [">", True]}]},
        {"a": [{"cidr": "x"}]},
        {"a": [{"anything-but": []}]},
        {"$or": []},
        {"$or": ["a"]},
        nested(30),
    ],
)
def test_what_is_not_of_the_language(pattern):
    with pytest.raises(BadEventPattern):
        event_pattern(json.dumps(pattern))


@pytest.mark.parametrize("text", ["", "{", "[" * 10_000])
def test_what_is_no_json(text):
    with pytest.raises(BadEventPattern):
        event_pattern(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "prefix", "exists", "$or"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "prefix", "anything-but", "exists", "numeric", "cidr", "$or"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(JSON, JSON)
def test_anything_is_a_pattern_or_refused(pattern, event):
    try:
        found = event_pattern(json.dumps(pattern))
    except BadEventPattern:
        return
    assert found.matches({"a": event}) in {True, False}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("AwsApiCall", "AWS API Call via CloudTrail"),
        ("AwsConsoleSignIn", "AWS Console Sign In via CloudTrail"),
        ("AwsServiceEvent", "AWS Service Event via CloudTrail"),
    ],
)
def test_a_record_becomes_an_event(kind, words):
    made = event_of({"eventType": kind, "eventSource": "signin.amazonaws.com", "eventID": "1"})
    assert (made["detail-type"], made["source"], made["id"]) == (words, "aws.signin", "1")


@pytest.mark.parametrize(
    ("name", "reads_too", "delivered"),
    [
        ("CreateUser", False, True),
        ("ListUsers", False, False),
        ("GetUser", False, False),
        ("DescribeAlarms", False, False),
        ("ListUsers", True, True),
        ("GetSessionToken", False, True),
    ],
)
def test_events_of_reads_are_asked_for(name, reads_too, delivered):
    assert is_delivered({"eventName": name}, reads_too=reads_too) is delivered
