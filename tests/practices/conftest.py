"""What the rows of the practice texts need: policies, users, sessions, a server of one's own."""

import json
import socket

import boto3
import pytest
from botocore.config import Config
from tests.clients.server import started
from tests.services.iam.phone import Phone, at_the_start_of_a_step

ELSEWHERE = "127.0.0.2"


def document(*statements):
    """A policy; each statement may leave out what is `*` or `Allow`."""
    usual = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [usual | one for one in statements]})


def a_user(iam, name, *statements):
    """A user with one inline policy, if any."""
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document(*statements))


def a_role(iam, account, name, *statements, **settings):
    """A role that its account may assume, with one inline policy."""
    trusted = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": trusted})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **settings)
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document(*statements))
    return f"arn:aws:iam::{account}:role/{name}"


def client(server, service, key, *, source=None, **given):
    """A boto3 client of a server of its own process, calling from another address if wanted."""
    made = boto3.client(
        service,
        **{"endpoint_url": server.endpoint} | given,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    if source:
        pool = made._endpoint.http_session._manager
        pool.connection_pool_kw["source_address"] = (source, 0)
    return made


def key_of(iam, name):
    """A fresh access key of a user."""
    return iam.create_access_key(UserName=name)["AccessKey"]


def admin_of(server):
    """The key of the administrator of a server of its own."""
    return {"AccessKeyId": server.admin.key_id, "SecretAccessKey": server.admin.secret}


@pytest.fixture(scope="module")
def _server():
    with started() as running:
        yield running


@pytest.fixture
def server(_server):
    """A Doorward in a process of its own, as after its first start."""
    _server.reset()
    return _server


@pytest.fixture
def server_iam(server):
    """The administrator of that server."""
    return client(server, "iam", admin_of(server))


@pytest.fixture
def elsewhere():
    """A second address of this machine; not every system has one."""
    with socket.socket() as probe:
        try:
            probe.bind((ELSEWHERE, 0))
        except OSError:
            pytest.skip(f"{ELSEWHERE} is no address of this machine")
    return ELSEWHERE


@pytest.fixture
def session_with_mfa(house):
    """Opens a session of a user with a code of a device of theirs."""

    at_the_start_of_a_step(house)

    def open_session(name):
        phone = Phone.new(house, name).enable(name)
        return phone.session(house.user_client(name, "sts"))

    return open_session
