import json
import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.app.asking import FORM, admin_of, body_of, events, headers_of, signed, signed_body
from tests.app.wire import LOCAL, QUERY_ERROR, Wire
from tests.house import TestHouse

from doorward.authn.request import HttpRequest

CLAIM = (
    "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/iam/aws4_request,"
    " SignedHeaders=host, Signature=0"
)


@pytest.fixture
def wire(house):
    return Wire(house)


def is_aws_error(answer):
    """An answer that every SDK can read as AWS's, and that is not our fault."""
    assert answer.status < 500 or answer.status == 501, answer
    assert len(headers_of(answer)["x-amzn-requestid"]) == 36
    if "xml" in headers_of(answer)["content-type"]:
        assert answer.status == 200 or QUERY_ERROR.search(answer.body.decode()), answer
    else:
        assert answer.status == 200 or "message" in answer.body.decode().lower(), answer
    return True


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("GET", "/", "", (), b""),
        HttpRequest("BREW", "/", "", (LOCAL,), b""),
        HttpRequest("POST", "/nowhere", "", (LOCAL,), b"{}"),
        HttpRequest("POST", "/%zz/%", "%=%&&==", (LOCAL,), b"%"),
        HttpRequest("POST", "/", "", (LOCAL, FORM), b"\xff\xfe&=%ff"),
        HttpRequest("POST", "/", "", (LOCAL, FORM), b"Action=ListUsers"),
        HttpRequest("POST", "/", "", (LOCAL, FORM), b"Action=No&Version=2010-05-08"),
        HttpRequest("POST", "/", "", (LOCAL, ("x-amz-target", "a.b.c")), b"{"),
        HttpRequest("POST", "/", "", (LOCAL, ("authorization", "AWS4-HMAC-SHA256 ")), b""),
        HttpRequest("POST", "/", "", (LOCAL, ("authorization", "Bearer x")), b""),
        HttpRequest("POST", "/", "X-Amz-Algorithm=AWS4-HMAC-SHA256", (LOCAL,), b""),
        HttpRequest("GET", "/" + "a" * 9000, "", (LOCAL,), b""),
        HttpRequest("GET", "/", "", (LOCAL, ("x", "a" * 17000)), b""),
        HttpRequest("GET", "/", "", (LOCAL, ("host", "b")), b""),
        HttpRequest("GET", "/", "", (LOCAL, ("user-agent", "\xff\x00\x80")), b""),
    ],
    ids=str,
)
def test_what_is_malformed_gets_an_error_in_awss_form_and_a_record(wire, request_):
    answer = wire.send(request_)
    assert answer.status >= 400
    assert is_aws_error(answer)
    record = events(wire.house)[0]
    assert record["requestID"] == headers_of(answer)["x-amzn-requestid"]


_text = st.text(string.printable + "\xe9\x00", max_size=40)
_headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "authorization",
                "host",
                "x-amz-target",
                "x-amz-date",
                "content-type",
                "x-amz-security-token",
                "x-amz-content-sha256",
                "user-agent",
                "referer",
                "x-forwarded-for",
            ]
        ),
        st.one_of(
            _text,
            st.sampled_from(
                [
                    CLAIM,
                    "20260101T000000Z",
                    "application/x-www-form-urlencoded",
                    "application/x-amz-json-1.1",
                    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
                ]
            ),
        ),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def quiet_house():
    house = TestHouse()
    yield Wire(house)
    house.close()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "OPTIONS"]),
    path=_text.map(lambda text: f"/{text}"),
    query=_text,
    headers=_headers,
    body=st.one_of(st.binary(max_size=60), _text.map(str.encode)),
)
@example("POST", "/", "", [], b"Action=AssumeRoleWithSAML&Version=2011-06-15&RoleArn=%ED%A0%80")
def test_nothing_that_is_not_signed_brings_it_down(quiet_house, method, path, query, headers, body):
    request = HttpRequest(method, path, query, tuple(headers), body)
    if (method, path) in quiet_house.app._own:
        return
    assert is_aws_error(quiet_house.send(request))


_names = st.sampled_from(
    ["UserName", "RoleName", "PolicyDocument", "Tags.member.1.Key", "Tags.member.x", "MaxItems"]
)
_actions = st.sampled_from(
    ["CreateUser", "GetUser", "CreateRole", "CreatePolicy", "TagUser", "ListUsers", "GetRole"]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_actions, st.dictionaries(_names, st.text(max_size=20), max_size=4))
def test_nothing_that_is_signed_brings_it_down(quiet_house, action, parameters):
    house = quiet_house.house
    before = len(house.records())
    answer = quiet_house.send(signed(admin_of(house), "iam", action, **parameters))
    assert is_aws_error(answer)
    records = events(house)
    assert len(records) == before + 1
    assert records[0]["requestID"] == headers_of(answer)["x-amzn-requestid"]


_bytes = st.binary(max_size=60) | st.sampled_from(
    [b"UserName=%ED%A0%80", b"UserName=%00", b"UserName=a&UserName=b", b"Path=%2F%F0%9F"]
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_actions, _bytes)
def test_no_bytes_of_an_administrator_bring_it_down(quiet_house, action, tail):
    house = quiet_house.house
    body = body_of("iam", action, {}) + b"&" + tail
    assert is_aws_error(quiet_house.send(signed_body(admin_of(house), "iam", body)))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=40)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["LookupAttributes", "StartTime", "MaxResults", "NextToken", "x"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode())
)
@example(b'{"NextToken": "\\ud800"}')
@example(b'{"StartTime": 1e400}')
@example(b'{"MaxResults": 1e5}')
def test_no_json_of_an_administrator_brings_it_down(quiet_house, body):
    house = quiet_house.house
    headers = (
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "CloudTrail_20131101.LookupEvents"),
    )
    answer = quiet_house.send(signed_body(admin_of(house), "cloudtrail", body, headers))
    assert is_aws_error(answer)
