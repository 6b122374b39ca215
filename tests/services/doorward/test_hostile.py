"""Whatever is asked, it is answered, and nothing that cannot be understood is allowed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.shapes import json_values, text
from tests.house import TestHouse
from tests.services.doorward.gateway import Gateway, allow

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)
OWN = ["principal", "action", "resource", "resource_account", "context", "resource_policy",
       "resource_tags", "request", "explain", "batch"]  # fmt: skip
STANDARD = ["subject", "action", "resource", "context", "evaluations", "options"]
headers = st.dictionaries(st.sampled_from(["host", "authorization", "x-amz-date"]) | text, text)
methods = st.sampled_from(["GET", "PUT"]) | text
requests = st.fixed_dictionaries(
    {"method": methods, "url": st.just("/") | text, "headers": headers},
    optional={"body": text, "body_sha256": st.just("0" * 64) | text},
)
plausible = st.fixed_dictionaries(
    {"action": st.sampled_from(["s3:GetObject", "iam:GetUser", "sts:AssumeRole", "s3:*"]) | text,
     "resource": st.sampled_from(["*", "arn:aws:s3:::a", "arn:aws:iam::1:role/x"]) | text},
    optional={
        "principal": st.sampled_from([None, "ec2.amazonaws.com", "arn:aws:iam::1:user/a"]) | text,
        "request": requests,
        "context": st.dictionaries(text.map(lambda found: f"a:{found}"), json_values, max_size=3),
        "resource_policy": json_values,
        "resource_tags": st.dictionaries(text, text, max_size=2),
        "explain": st.booleans(),
    },
)  # fmt: skip
entity = st.fixed_dictionaries(
    {"type": st.sampled_from(["user", "role", "session", "service", "arn"]) | text, "id": text},
    optional={"properties": st.dictionaries(text, json_values, max_size=3), "name": text},
)


@pytest.fixture(scope="module")
def gateway():
    house = TestHouse()
    made = Gateway(house)
    made.user("ann", allow("*"))
    yield made
    house.close()


def members(names):
    return st.dictionaries(st.sampled_from(names), json_values, max_size=4)


@settings(max_examples=150, suppress_health_check=QUIET)
@given(body=plausible | members(OWN) | st.lists(plausible, max_size=3).map(lambda b: {"batch": b}))
def test_odd_questions(gateway, body):
    status, _, answer = gateway.send("/authorize", body)
    assert status in {200, 400}
    if status == 200 and "batch" not in body:
        assert not answer["allowed"]


@settings(max_examples=150, suppress_health_check=QUIET)
@given(
    path=st.sampled_from(["/access/v1/evaluation", "/access/v1/evaluations"]),
    body=members(STANDARD)
    | st.fixed_dictionaries(dict.fromkeys(STANDARD[:3], entity))
    | st.fixed_dictionaries({"evaluations": st.lists(members(STANDARD), max_size=3)}),
)
def test_odd_evaluations(gateway, path, body):
    status, _, answer = gateway.send(path, body)
    assert status in {200, 400}
    decisions = answer.get("evaluations", [answer]) if status == 200 else []
    assert not any(each["decision"] for each in decisions)


header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
names = st.sampled_from(
    [
        "x-original-uri",
        "x-original-authorization",
        "x-original-host",
        "x-original-content-length",
        "x-doorward-action",
        "x-doorward-resource",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-purpose",
    ]
)
WHOLE = {
    "x-original-method": "GET",
    "x-original-uri": "/a",
    "x-original-host": "a",
    "x-original-proto": "https",
    "x-original-ip": "192.0.2.1",
    "x-doorward-action": "s3:GetObject",
    "x-doorward-resource": "arn:aws:s3:::a",
    "x-doorward-resource-account": "111122223333",
}


@settings(max_examples=150, suppress_health_check=QUIET)
@given(odd=st.lists(st.tuples(names, header_text), max_size=5))
def test_odd_headers(gateway, odd):
    kept = [pair for pair in WHOLE.items() if pair[0] not in dict(odd)]
    status, _, _ = gateway.send("/authorize/forwarded", b"", *kept, *odd, method="GET")
    assert status in {400, 401, 403}
