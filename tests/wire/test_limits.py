import pytest

from doorward.authn.request import HttpRequest
from doorward.errors import AwsError
from doorward.wire.limits import (
    LARGEST_BODY,
    body_limit,
    refuse_oversized_body,
    refuse_oversized_head,
)

MIB = 1024 * 1024


def a_request(*, path="/", query="", headers=(), body=b""):
    return HttpRequest("POST", path, query, headers, body)


@pytest.mark.parametrize(
    ("operation", "limit"),
    [
        (None, MIB),
        ("ListUsers", MIB),
        ("SimulateCustomPolicy", 8 * MIB),
        ("SimulatePrincipalPolicy", 8 * MIB),
        ("Authorize", 8 * MIB),
        ("CreateSAMLProvider", 32 * MIB),
        ("UpdateSAMLProvider", 32 * MIB),
    ],
)
def test_bodies(operation, limit):
    assert body_limit(operation) == limit <= LARGEST_BODY
    refuse_oversized_body(a_request(body=bytes(limit)), operation)
    with pytest.raises(AwsError) as caught:
        refuse_oversized_body(a_request(body=bytes(limit + 1)), operation)
    assert caught.value.status == 413


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (a_request(path="/" * 8193), 414),
        (a_request(query="a" * 8192), 414),
        (a_request(headers=(("a", "b" * 16384),)), 431),
        (a_request(headers=tuple(("a", "b" * 1000) for _ in range(17))), 431),
        (a_request(headers=(("host", "a"), ("host", "a"))), 400),
        (a_request(headers=(("authorization", "a"), ("authorization", "b"))), 400),
        (a_request(headers=(("x-amz-date", "a"), ("x-amz-date", "b"))), 400),
    ],
)
def test_refusals(request_, status):
    with pytest.raises(AwsError) as caught:
        refuse_oversized_head(request_)
    assert caught.value.status == status


def test_what_fits_passes():
    headers = (("host", "a"), ("accept", "a"), ("accept", "b"), ("x", "y" * 16000))
    assert refuse_oversized_head(a_request(query="a" * 8190, headers=headers)) is None
