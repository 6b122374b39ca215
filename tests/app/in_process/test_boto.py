import os
import sys

import boto3
import botocore.session
import pytest
from botocore import handlers
from botocore.awsrequest import AWSPreparedRequest
from tests.house import raises_aws

from doorward.app.in_process import InProcess
from doorward.app.in_process.transport import request_of

ADMIN = "arn:aws:iam::111122223333:user/admin"


@pytest.fixture(scope="module")
def opened():
    with InProcess(seed={"users": [{"name": "ann"}]}) as made:
        yield made


@pytest.fixture
def inside(opened):
    opened.reset()
    return opened


def who(client):
    return client.get_caller_identity()["Arn"]


def test_a_session_ignores_what_the_machine_is_set_up_for(inside, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    session = inside.session(region_name="eu-north-1")
    assert session.region_name == "eu-north-1"
    assert who(session.client("sts")) == ADMIN
    assert session.resource("iam").User("ann").arn.endswith("user/ann")


def test_everywhere_reaches_code_that_makes_its_own_clients(inside):
    with inside.everywhere():
        assert who(boto3.client("sts")) == ADMIN
        assert who(boto3.Session().client("sts")) == ADMIN
        assert who(botocore.session.get_session().create_client("sts")) == ADMIN
    with inside.everywhere(user="ann") as same:
        assert same is inside
        assert who(boto3.client("sts")).endswith("user/ann")
    with inside.everywhere(region_name="eu-west-1"):
        assert boto3.client("sts").meta.region_name == "eu-west-1"


def test_everywhere_ends(inside, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "mine")
    before = dict(os.environ)
    mine = boto3.DEFAULT_SESSION
    count = len(handlers.BUILTIN_HANDLERS)
    with pytest.raises(LookupError):
        _fails(inside)
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION is mine
    assert len(handlers.BUILTIN_HANDLERS) == count


def _fails(inside):
    with inside.everywhere():
        assert "AWS_PROFILE" not in os.environ
        boto3.client("sts")
        raise LookupError


def test_boto3_is_not_needed(inside, monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    with inside.everywhere():
        assert who(botocore.session.get_session().create_client("sts")) == ADMIN
    with pytest.raises(ImportError):
        inside.session()


def test_a_role_is_a_session_everywhere(inside):
    inside.client("iam").create_role(
        RoleName="courier",
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
        '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}',
    )
    with inside.everywhere(role="courier"):
        assert os.environ["AWS_SESSION_TOKEN"]
        assert who(boto3.client("sts")).endswith("assumed-role/courier/test")


def test_other_services_are_refused_and_never_reached(inside):
    with inside.everywhere(), raises_aws("InvalidAction"):
        boto3.client("autoscaling").describe_auto_scaling_groups()


@pytest.mark.parametrize(
    ("body", "read"),
    [(None, b""), ("text", b"text"), (b"bytes", b"bytes"), (bytearray(b"x"), b"x")],
)
def test_a_body_is_read_whatever_it_is(body, read):
    sent = AWSPreparedRequest("POST", "https://iam.amazonaws.com/a?b=c", {"X-A": b"1"}, body, False)
    request = request_of(sent)
    assert (request.body, request.path, request.query, request.secure) == (read, "/a", "b=c", True)
    assert dict(request.headers) == {"x-a": "1", "host": "iam.amazonaws.com"}


def test_a_body_is_read_from_a_file(tmp_path):
    (tmp_path / "body").write_bytes(b"content")
    with (tmp_path / "body").open("rb") as file:
        sent = AWSPreparedRequest("PUT", "http://127.0.0.1:1", {"Host": "h"}, file, False)
        request = request_of(sent)
    assert (request.body, request.path, request.secure) == (b"content", "/", False)
    assert request.headers == (("host", "h"),)
