"""An IP range as a condition: the same keys work from one address and from no other."""

import pytest
from tests.house import raises_aws
from tests.practices.conftest import a_user, client, key_of

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


def test_nobody_talks_himself_into_the_range(server, server_iam, elsewhere):
    a_user(server_iam, "ann", {"Condition": {"IpAddress": {"aws:SourceIp": HERE}}})
    liar = client(server, "iam", key_of(server_iam, "ann"), source=elsewhere)
    liar.meta.events.register("before-sign.iam", _pretend)
    with raises_aws("AccessDenied"):
        liar.list_users()


def _pretend(request, **_):
    request.headers["X-Forwarded-For"] = "127.0.0.1"
