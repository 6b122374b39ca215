"""Encryption in transit as a condition: plain HTTP is refused, TLS is served."""

import pytest
from tests.clients.server import started
from tests.house import raises_aws
from tests.practices.conftest import a_user, admin_of, client, key_of

pytestmark = pytest.mark.practice("S002-49")

NO_PLAIN_HTTP = (
    {},
    {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
)


@pytest.fixture
def encrypted(tmp_path):
    """A server that speaks TLS, and the authority its clients are to trust."""
    with started("--tls-auto", environment={"TMPDIR": str(tmp_path)}) as running:
        (authority,) = tmp_path.glob("doorward-tls-*/ca.pem")
        yield running, str(authority)


def test_a_plain_call_is_refused(server, server_iam):
    a_user(server_iam, "ann", *NO_PLAIN_HTTP)
    with raises_aws("AccessDenied") as caught:
        client(server, "iam", key_of(server_iam, "ann")).list_users()
    assert "with an explicit deny in an identity-based policy" in str(caught.value)


def test_an_encrypted_call_is_served(encrypted):
    server, authority = encrypted
    assert server.endpoint.startswith("https://")
    iam = client(server, "iam", admin_of(server), verify=authority)
    a_user(iam, "ann", *NO_PLAIN_HTTP)
    assert client(server, "iam", key_of(iam, "ann"), verify=authority).list_users()


def test_no_header_makes_a_plain_call_an_encrypted_one(server, server_iam):
    a_user(server_iam, "ann", *NO_PLAIN_HTTP)
    liar = client(server, "iam", key_of(server_iam, "ann"))
    liar.meta.events.register("before-sign.iam", _pretend)
    with raises_aws("AccessDenied"):
        liar.list_users()


def _pretend(request, **_):
    request.headers["X-Forwarded-Proto"] = "https"
