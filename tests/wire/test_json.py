"""JSON bodies and rest-json requests, beyond what botocore's clients send."""

from datetime import UTC, datetime

import pytest

from doorward.authn.request import HttpRequest
from doorward.catalog.models import Shape, service
from doorward.wire.errors import SerializationException
from doorward.wire.json_values import reader
from doorward.wire.parse import parse
from doorward.wire.route import Route

MOMENT = datetime(2026, 9, 11, 10, tzinfo=UTC)


def shape(kind, **traits):
    return Shape(service("iam"), "Any", {"type": kind, **traits})


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("string", "", ""),
        ("integer", 2**31 - 1, 2**31 - 1),
        ("long", 2**40, 2**40),
        ("double", 1, 1.0),
        ("float", 1.5, 1.5),
        ("boolean", False, False),
        ("blob", "YQ==", b"a"),
        ("timestamp", 1789120800, MOMENT),
        ("timestamp", 1789120800.0, MOMENT),
        ("timestamp", "2026-09-11T10:00:00Z", MOMENT),
    ],
)
def test_values(kind, value, wanted):
    found = reader(shape(kind))(value)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("string", 1, "NUMBER_VALUE can not be converted to a String"),
        ("string", True, "TRUE_VALUE can not be converted to a String"),
        ("string", [], "Start of list found where not expected"),
        ("string", {}, "Start of structure or map found where not expected."),
        ("integer", "1", "STRING_VALUE can not be converted to an Integer"),
        ("integer", True, "TRUE_VALUE can not be converted to an Integer"),
        ("integer", 1.0, "NUMBER_VALUE can not be converted to an Integer"),
        ("integer", 2**31, "NUMBER_VALUE is out of the range of an Integer"),
        ("long", 2**63, "NUMBER_VALUE is out of the range of a Long"),
        ("double", "1", "STRING_VALUE can not be converted to a Double"),
        ("double", False, "FALSE_VALUE can not be converted to a Double"),
        ("boolean", "true", "STRING_VALUE can not be converted to a Boolean"),
        ("blob", "Y", "STRING_VALUE is not valid base64"),
        ("timestamp", True, "TRUE_VALUE can not be converted to a Timestamp"),
        ("timestamp", "now", "The value can not be converted to a Timestamp"),
        ("timestamp", 1e300, "The value can not be converted to a Timestamp"),
    ],
)
def test_values_of_other_types(kind, value, message):
    with pytest.raises(SerializationException) as caught:
        reader(shape(kind))(value)
    assert caught.value.message == message


def call(name, operation, body=b"", query="", labels=None, headers=()):
    model = service(name)
    found = Route(model, model.operations[operation], labels=labels or {})
    return parse(found, HttpRequest("POST", "/", query, headers, body))


def test_null_is_absent_but_stays_in_lists_and_maps():
    assert call("organizations", "ListRoots", b'{"MaxResults": null}') == {}
    found = call("organizations", "TagResource", b'{"ResourceId": "a", "Tags": [null]}')
    assert found == {"resource_id": "a", "tags": (None,)}


def test_no_body_is_an_empty_object():
    assert call("organizations", "ListRoots") == {}
    assert call("organizations", "LeaveOrganization", b"{") == {}
    assert call("accessanalyzer", "ListAnalyzers") == {}


def test_unknown_members_are_ignored():
    body = b'{"Odd": 1, "Tags": [{"Key": "k", "Odd": {}}]}'
    assert call("organizations", "TagResource", body) == {"tags": ({"Key": "k"},)}


def test_members_of_the_path_are_not_taken_from_the_body():
    body = b'{"analyzerName": "evil", "ruleName": "r"}'
    found = call("accessanalyzer", "CreateArchiveRule", body, labels={"analyzerName": "good"})
    assert found == {"analyzer_name": "good", "rule_name": "r"}


def test_query_strings():
    found = call("accessanalyzer", "ListAnalyzers", query="maxResults=01&type=a&type=b&odd=1")
    assert found == {"max_results": 1, "type": "b"}
    labels = {"resourceArn": "a"}
    found = call("accessanalyzer", "UntagResource", query="tagKeys=a&tagKeys=b%2B", labels=labels)
    assert found == {"resource_arn": "a", "tag_keys": ("a", "b+")}
    with pytest.raises(SerializationException):
        call("accessanalyzer", "ListAnalyzers", query="maxResults=1.0")


def test_headers():
    headers = (("x-amz-sso_bearer_token", "secret"),)
    found = call("sso", "ListAccounts", query="max_result=3", headers=headers)
    assert found == {"access_token": "secret", "max_results": 3}
    assert call("sso", "ListAccounts") == {}


def test_a_structure_as_the_whole_body():
    found = call("signin", "CreateOAuth2Token", b'{"clientId": "a"}')
    assert found == {"token_input": {"clientId": "a"}}
    assert call("signin", "CreateOAuth2Token") == {}
    with pytest.raises(SerializationException):
        call("signin", "CreateOAuth2Token", b'"a"')


def test_maps_are_objects():
    text = {"type": "map", "key": {"shape": "stringType"}, "value": {"shape": "stringType"}}
    read = reader(Shape(service("iam"), "Map", text))
    assert read({"a": "b", "c": None}) == {"a": "b", "c": None}
    with pytest.raises(SerializationException):
        read(["a"])
