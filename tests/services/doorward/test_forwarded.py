"""What nginx would send, without nginx; with it: tests/clients/test_nginx.py."""

import hashlib
import json

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.app.asking import new_key
from tests.services.doorward.gateway import allow

PATH = "/authorize/forwarded"
HOST = "files.example.com"


@pytest.fixture
def ann(gateway):
    gateway.user("ann", allow("files:*", "arn:aws:files:::public/*"))
    return new_key(gateway.house, "ann")


def signed(
    keys, method="GET", target="/public/a", body=b"", service="files", auth=SigV4Auth, **headers
):
    """The headers of a client's signed request."""
    request = AWSRequest(method, f"https://{HOST}{target}", headers, data=body)
    auth(Credentials(keys.key_id, keys.secret), service, "eu-west-1").add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def forwarded(client, method="GET", target="/public/a", **changes):
    """The headers nginx makes of them."""
    made = {
        "x-original-method": method,
        "x-original-uri": target,
        "x-original-host": HOST,
        "x-original-proto": "https",
        "x-original-ip": "192.0.2.1",
        "x-original-authorization": client.get("authorization"),
        "x-doorward-action": "files:Read",
        "x-doorward-resource": f"arn:aws:files:::{target[1:]}",
        "x-doorward-resource-account": changes.pop("account"),
    }
    made |= {name.replace("_", "-"): value for name, value in changes.items()}
    own = {name: value for name, value in client.items() if name != "authorization"}
    return [(name, value) for name, value in (own | made).items() if value is not None]


@pytest.fixture
def ask(gateway):
    def send(client, method="GET", target="/public/a", more=(), **changes):
        headers = forwarded(client, method, target, account=gateway.account, **changes)
        return gateway.send(PATH, b"", *headers, *more, method="GET")

    return send


def test_allowed_and_by_whom(gateway, ask, ann):
    status, headers, answer = ask(signed(ann))
    assert (status, answer) == (200, {})
    assert headers["x-doorward-principal"] == gateway.arn("user/ann")
    assert "x-doorward-reason" not in headers


def test_refused_and_why(ask, ann):
    status, headers, _ = ask(signed(ann, target="/secret/a"), target="/secret/a")
    assert status == 403
    assert headers["x-doorward-reason"] == "denied, nothing allows it (identity-based policy)"
    assert "www-authenticate" not in headers
    assert "x-doorward-principal" not in headers


@pytest.mark.parametrize("change", [{"x_original_authorization": None}, {"x_original_host": "b"}])
def test_not_proven(ask, ann, change):
    status, headers, _ = ask(signed(ann), **change)
    assert (status, headers["www-authenticate"]) == (401, 'AWS4-HMAC-SHA256 realm="doorward"')


@pytest.mark.parametrize(
    "missing",
    [
        "x_original_method",
        "x_original_uri",
        "x_original_host",
        "x_original_proto",
        "x_original_ip",
        "x_doorward_action",
        "x_doorward_resource",
        "x_doorward_resource_account",
    ],
)
def test_a_configuration_that_leaves_something_out_never_works(ask, ann, missing):
    assert ask(signed(ann), **{missing: None})[0] == 400


@pytest.mark.parametrize(
    "change",
    [
        {"x_original_uri": "public"},
        {"x_original_uri": "/a\tb"},
        {"x_original_proto": "gopher"},
        {"x_original_host": "\u00e9"},
        {"x_doorward_resource": "x"},
        {"x_doorward_action": "files:*"},
        {"x_doorward_resource_account": "1"},
        {"x_doorward_resource": "x" * 9000},
    ],
)
def test_odd_values(ask, ann, change):
    assert ask(signed(ann), **change)[0] == 400


@pytest.mark.parametrize(
    "twice",
    [
        "x-doorward-action",
        "x-doorward-resource",
        "x-original-uri",
        "x-amz-content-sha256",
        "x-doorward-new",
    ],
)
def test_what_came_twice_was_put_in(ask, ann, twice):
    status, _, answer = ask(signed(ann), more=((twice, "a"), (twice, "b")))
    assert (status, answer["message"]) == (400, f"{twice}: was sent twice")


def test_signed_headers_must_have_come(ask, ann):
    client = signed(ann, **{"X-Purpose": "reading"})
    assert ask(client)[0] == 200
    assert ask(client | {"x-purpose": "writing"})[0] == 401
    del client["x-purpose"]
    assert ask(client)[0] == 401


def test_the_length_of_a_body_may_be_signed(ask, ann):
    body = b"hello"
    digest = hashlib.sha256(body).hexdigest()
    client = signed(
        ann, "PUT", body=body, **{"X-Amz-Content-SHA256": digest, "Content-Length": "5"}
    )
    del client["content-length"]
    assert ask(client, "PUT", x_original_content_length="5")[0] == 200
    assert ask(client, "PUT", x_original_content_length="6")[0] == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_body_that_no_digest_covers(ask, ann, method):
    status, headers, _ = ask(signed(ann, method), method)
    assert status == 403
    assert headers["x-doorward-reason"].startswith("the body is not seen here")


@pytest.mark.parametrize(
    "digest", ["", "x", "0" * 63, "UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"]
)
def test_what_is_no_digest(ask, ann, digest):
    client = signed(ann, "PUT", **{"X-Amz-Content-SHA256": digest})
    assert ask(client, "PUT")[0] in {401, 403}


def test_s3s_own_rules(ask, ann):
    client = signed(ann, "PUT", body=b"x", service="s3", auth=S3SigV4Auth)
    assert client["x-amz-content-sha256"] == hashlib.sha256(b"x").hexdigest()
    assert ask(client, "PUT")[0] == 200
    unsigned = signed(ann, "PUT", service="s3", **{"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert ask(unsigned, "PUT")[0] == 200
    assert ask(unsigned, "PUT", x_original_proto="http")[0] in {401, 403}


def test_s3s_presigned_upload(ask, ann):
    request = AWSRequest("PUT", f"https://{HOST}/public/a")
    S3SigV4QueryAuth(Credentials(ann.key_id, ann.secret), "s3", "eu-west-1").add_auth(request)
    target = request.url.partition(HOST)[2]
    resource = {"x_doorward_resource": "arn:aws:files:::public/a"}
    assert ask({}, "PUT", target, **resource)[0] == 200
    assert ask({}, "PUT", target + "0", **resource)[0] == 401


def test_the_address_decides_too(gateway, ask, ann):
    gateway.house.iam.put_user_policy(
        UserName="ann",
        PolicyName="own",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [allow("files:*", IpAddress={"aws:SourceIp": "192.0.2.0/24"})],
            }
        ),
    )
    assert ask(signed(ann))[0] == 200
    assert ask(signed(ann), x_original_ip="198.51.100.1")[0] == 403


def test_another_accounts_resource(ask, ann):
    assert ask(signed(ann), x_doorward_resource_account="111122223333")[0] == 403


def test_the_gateway_needs_its_right_and_its_token(gateway, ask, ann):
    gateway.may(allow("doorward:Authorize", gateway.arn("user/ann")))
    assert ask(signed(ann))[0] == 403
    gateway.may(allow("doorward:Authorize"))
    gateway.own.delete_token(id=gateway.token_id)
    assert ask(signed(ann))[0] == 401


def test_the_trail_keeps_no_signature(gateway, ask, ann):
    client = signed(ann)
    ask(client)
    (row,) = gateway.house.records()[:1]
    event = json.loads(row.body)
    assert event["requestParameters"]["action"] == "files:Read"
    assert client["authorization"].rpartition("=")[2] not in row.body.decode()


def test_about_whom_asking_is_denied_nothing_is_let_through(gateway, ask, ann):
    denied = allow("doorward:Authorize", gateway.arn("user/ann")) | {"Effect": "Deny"}
    gateway.may(allow("doorward:Authorize"), denied)
    assert ask(signed(ann))[0] == 403
