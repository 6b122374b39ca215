"""What Doorward's own model asks of the wire beyond AWS's: see the traits it uses."""

import json

import pytest

from doorward.authn.request import HttpRequest
from doorward.catalog.models import OWN
from doorward.errors import AwsError
from doorward.services.doorward.errors import ResourceNotFoundException
from doorward.wire.parse import parse
from doorward.wire.render import render
from doorward.wire.render_error import render_error
from doorward.wire.route import own_route, protocol_of, route
from doorward.wire.validate import validate


def post(path, body):
    return HttpRequest("POST", path, "", (("content-type", "application/json"),), body)


def params(path, body):
    request = post(path, body if isinstance(body, bytes) else json.dumps(body).encode())
    return parse(own_route(request), request)


def result_of(operation_path, result, method="GET"):
    return render(own_route(HttpRequest(method, operation_path, "", (), b"")), result, "id")


@pytest.mark.parametrize("signing_name", [OWN, None])
def test_its_paths_are_found_signed_or_not(signing_name):
    found = route(post("/authorize", b"{}"), signing_name)
    assert (found.service.name, found.operation.name) == (OWN, "Authorize")
    assert own_route(HttpRequest("DELETE", "/tokens/abc", "", (), b"")).labels == {"id": "abc"}
    assert own_route(post("/", b"Action=ListUsers")) is None
    assert own_route(HttpRequest("GET", "/authorize", "", (), b"")) is None
    assert protocol_of(post("/authorize", b"{}"), OWN) == "rest-json"


def test_null_is_a_value_to_a_document_and_no_value_elsewhere():
    assert params("/authorize", {"principal": None, "action": 3}) == {
        "principal": None,
        "action": 3,
    }
    assert params("/tokens", {"role": "a", "name": None}) == {"role": "a"}


def test_a_closed_structure_takes_no_strangers():
    with pytest.raises(AwsError) as caught:
        params("/authorize", {"principal": "x", "acton": "y"})
    assert caught.value.code == "ValidationException"
    assert caught.value.message.startswith("Unknown member 'acton'; known are principal, action,")
    assert "acton" not in params("/access/v1/evaluation", {"acton": "y"})


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("content-type", "application/json", True),
        ("content-type", "APPLICATION/JSON ; charset=utf-8", True),
        ("content-type", "application/jsonp", False),
        ("content-type", "text/plain", False),
    ],
)
def test_headers_are_members_and_are_checked(name, value, fits):
    body = json.dumps({"subject": 1, "action": 1, "resource": 1}).encode()
    request = HttpRequest("POST", "/access/v1/evaluation", "", ((name, value),), body)
    found = own_route(request)
    given = parse(found, request)
    assert given["content_type"] == value
    if fits:
        validate(found, given)
        return
    with pytest.raises(AwsError):
        validate(found, given)


def test_an_answer_has_a_status_and_headers_of_its_own():
    refused = result_of("/authorize/forwarded", {"status": 403, "reason": "no\r\nx: \u20acy"})
    assert (refused.status, refused.body) == (403, b"{}")
    assert ("X-Doorward-Reason", "no??x: ?y") in refused.headers
    assert "X-Doorward-Principal" not in dict(refused.headers)
    usual = result_of("/authorize/forwarded", {"principal": "arn"})
    assert (usual.status, dict(usual.headers)["X-Doorward-Principal"]) == (200, "arn")
    listed = result_of("/tokens", {"tokens": []})
    assert (listed.status, listed.body) == (200, b'{"tokens":[]}')


def test_its_errors_have_the_statuses_its_model_says():
    found = own_route(HttpRequest("GET", "/tokens", "", (), b""))
    answer = render_error(found, ResourceNotFoundException("gone"), "id")
    assert (answer.status, answer.body) == (404, b'{"message":"gone"}')
