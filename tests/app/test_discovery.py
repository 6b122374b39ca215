import json

import pytest
from tests.app.wire import Wire

from doorward.app.discovery import PATH, metadata
from doorward.app.http import most_behind
from doorward.authn.request import HttpRequest
from doorward.wire.limits import DEFAULT_BODY_LIMIT, LARGEST_BODY


def asked(host, secure=False):
    headers = () if host is None else (("host", host),)
    return HttpRequest("GET", PATH, "", headers, b"", secure=secure)


@pytest.mark.parametrize(
    ("host", "secure", "base"),
    [
        ("localhost:4599", False, "http://localhost:4599"),
        ("pdp.example.com", True, "https://pdp.example.com"),
        ("[::1]:4599", True, "https://[::1]:4599"),
    ],
)
def test_the_document_names_the_addresses(host, secure, base):
    assert json.loads(metadata(asked(host, secure))) == {
        "policy_decision_point": base,
        "access_evaluation_endpoint": f"{base}/access/v1/evaluation",
        "access_evaluations_endpoint": f"{base}/access/v1/evaluations",
    }


@pytest.mark.parametrize("host", [None, "", "a b", 'x"', "a/b", "x:y", "a@b"])
def test_a_host_that_is_none(host):
    assert metadata(asked(host)) is None


def test_it_is_served_to_anybody(house):
    wire = Wire(house)
    status, headers, body = answered(wire.send(asked("localhost:4599")))
    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(body)["policy_decision_point"] == "http://localhost:4599"
    assert answered(wire.send(asked("a b")))[0] == 400


def answered(response):
    return response.status, {n.lower(): v for n, v in response.headers}, response.body


@pytest.mark.parametrize(
    ("claim", "most"),
    [
        (b"AWS4-HMAC-SHA256 Credential=x", LARGEST_BODY),
        (b"Bearer dwt_x", 8 * 1024 * 1024),
        (b"Bearer x", DEFAULT_BODY_LIMIT),
        (b"", DEFAULT_BODY_LIMIT),
    ],
)
def test_a_large_body_needs_a_claim(claim, most):
    assert most_behind(claim) == most
