"""An IP range as a condition: the same keys work from one address and from no other."""

import pytest
from tests.clients.server import started
from tests.house import raises_aws
from tests.practices.conftest import a_user, admin_of, client, key_of

pytestmark = pytest.mark.practice("S002-48")

HERE = "127.0.0.1/32"


@pytest.mark.parametrize(
    "statements",
    [
        [{"Condition": {"IpAddress": {"aws:SourceIp": HERE}}}],
        [{}, {"Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": [HERE]}}}],
    ],
    ids=["allowed-from", "denied-from-elsewhere"],
)
def test_a_call_from_another_address_is_refused(server, server_iam, elsewhere, statements):
    a_user(server_iam, "ann", *statements)
    key = key_of(server_iam, "ann")
    assert client(server, "iam", key).list_users()
    with raises_aws("AccessDenied") as caught:
        client(server, "iam", key, source=elsewhere).list_users()
    assert "iam:ListUsers" in str(caught.value)


def forwarded(made, address):
    """The client as a proxy would pass it on."""

    def add(request, **_):
        request.headers["X-Forwarded-For"] = address

    made.meta.events.register("before-sign.iam", add)
    return made


def test_nobody_talks_himself_into_the_range(server, server_iam, elsewhere):
    a_user(server_iam, "ann", {"Condition": {"IpAddress": {"aws:SourceIp": HERE}}})
    liar = client(server, "iam", key_of(server_iam, "ann"), source=elsewhere)
    with raises_aws("AccessDenied"):
        forwarded(liar, "127.0.0.1").list_users()


def test_what_a_trusted_proxy_says_counts_and_nonsense_is_nowhere():
    with started("--set", "http.trusted_proxies=127.0.0.1") as behind:
        iam = client(behind, "iam", admin_of(behind))
        not_from = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
        a_user(iam, "ann", {}, {"Effect": "Deny", "Condition": not_from})
        key = key_of(iam, "ann")
        assert forwarded(client(behind, "iam", key), "203.0.113.9").list_users()
        for address in ("198.51.100.9", "unknown", "203.0.113.9:4711"):
            with raises_aws("AccessDenied"):
                forwarded(client(behind, "iam", key), address).list_users()
