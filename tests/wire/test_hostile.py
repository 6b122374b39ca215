"""Whatever comes in, the answer is an AwsError or a value."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.authn.request import HttpRequest
from doorward.catalog.models import service
from doorward.errors import AwsError
from doorward.wire.parse import parse
from doorward.wire.render_error import render_error
from doorward.wire.route import route
from doorward.wire.validate import validate

FAST = settings(max_examples=150, deadline=None)


def handle(request, signing_name):
    try:
        found = route(request, signing_name)
        params = parse(found, request)
        validate(found, params)
    except AwsError as error:
        params = error
    if isinstance(params, AwsError):
        assert render_error(None, params, "id").status in range(400, 500)
    return params


def a_form(body, head=b"Action=TagUser&Version=2010-05-08&"):
    return HttpRequest("POST", "/", "", (), head + body)


def a_json(target, body):
    return HttpRequest("POST", "/", "", (("x-amz-target", target),), body)


CREATE_TRAIL = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.CreateTrail"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"UserName=%ff",
        b"UserName=%ED%A0%80",
        b"&" * 60_000,
        b"&".join(b"Tags.member.%d.Key=a" % n for n in range(1, 40_000)),
        b"&".join(b"a%d=b" % n for n in range(100_000)),
        b"Tags" + b".member.1" * 60_000 + b"=a",
        b"Tags.member." + b"9" * 100_000 + b"=a",
        b"Tags..=a&.=b&=c",
    ],
)
def test_forms(body):
    assert isinstance(handle(a_form(body), "iam"), AwsError)


@FAST
@given(st.binary(max_size=60))
def test_any_bytes_as_a_form(body):
    handle(a_form(body), "iam")
    handle(a_form(body, b""), None)


@FAST
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["Tags", "member", "1", "01", "0", "-1", "Key", ""])),
            st.text(max_size=3),
        )
    )
)
def test_any_names_in_a_form(fields):
    body = "&".join(f"{'.'.join(names)}={text}" for names, text in fields)
    handle(a_form(body.encode("utf-8", "replace")), "iam")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"Name": "\xff"}',
        b'{"Name": "\\ud800"}',
        b'{"Name": 1}',
        b'{"Name": ["a"]}',
        b'{"Name": {"a": 1}}',
        b'{"Name": true}',
        b'{"IncludeGlobalServiceEvents": "true"}',
        b'{"TagsList": {"a": 1}}',
        b'{"TagsList": ["a"]}',
        b'{"Name":' + b"[" * 100_000,
        b'{"TagsList":' + b'[{"Key":' * 400 + b"1" + b"}]" * 400 + b"}",
    ],
)
def test_json_bodies(body):
    error = handle(a_json(CREATE_TRAIL, body), "cloudtrail")
    assert isinstance(error, AwsError)
    assert error.code == "SerializationException"


@FAST
@given(st.sampled_from(sorted(service("cloudtrail").operations)), st.data())
def test_any_json(operation, data):
    names = sorted(service("cloudtrail").operations[operation].input.members)
    value = data.draw(st.dictionaries(st.sampled_from(names), JSON) if names else JSON)
    body = json.dumps(value).encode()
    handle(a_json(f"{CREATE_TRAIL.rpartition('.')[0]}.{operation}", body), "cloudtrail")


@FAST
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    st.lists(st.sampled_from(["analyzer", "finding", "a", "%ff", "tags", ""])),
    st.sampled_from(["", "maxResults=x", "maxResults=1", "type=%ff", "tagKeys=a&tagKeys=b", "&="]),
    st.binary(max_size=20) | JSON.map(lambda value: json.dumps(value).encode()),
)
def test_any_path(method, parts, query, body):
    handle(HttpRequest(method, "/" + "/".join(parts), query, (), body), "access-analyzer")


def test_recursion_in_a_models_own_shape():
    body = {"expression": "x"}
    for _ in range(600):
        body = {"Not": body}
    text = json.dumps({"filter": body}).encode()
    request = HttpRequest("POST", "/analyzer", "", (), text)
    handle(request, "access-analyzer")
