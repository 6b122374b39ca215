"""Root has no access key to sign with, so its operations are called as functions."""

from datetime import UTC, datetime, timedelta

import pytest

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.services.call import Call
from doorward.services.sts.errors import AccessDenied
from doorward.services.sts.federation_token import get_federation_token
from doorward.services.sts.session_token import get_session_token
from doorward.services.sts.targets import role_to_assume

ACCOUNT = "111122223333"
NOW = datetime(2026, 9, 11, 10, 30, 15, 999, tzinfo=UTC)


class Desk:
    """Keeps the sessions it sealed."""

    def __init__(self):
        self.sessions = []

    def seal_session(self, session):
        self.sessions.append(session)
        return "token"


@pytest.fixture
def root():
    return Call(
        service="sts",
        operation="Anything",
        account=Account.of(ACCOUNT, []),
        caller=Caller.root(ACCOUNT, "AKIAROOT"),
        now=NOW,
        region="us-east-1",
        request_id="",
        vault=None,
        desk=Desk(),
        activity=None,
        random=bytes,
    )


@pytest.mark.parametrize(
    ("asked", "granted_s"),
    [
        ({}, 3600),
        ({"duration_seconds": 900}, 900),
        ({"duration_seconds": 3600}, 3600),
        ({"duration_seconds": 3601}, 3600),
        ({"duration_seconds": 129600}, 3600),
    ],
)
@pytest.mark.parametrize(
    ("operation", "given"), [(get_session_token, {}), (get_federation_token, {"name": "guest"})]
)
def test_its_sessions_are_cut_to_an_hour(root, operation, given, asked, granted_s):
    expiration = operation(root, **given, **asked)["Credentials"]["Expiration"]
    assert expiration - NOW.replace(microsecond=0) == timedelta(seconds=granted_s)


def test_its_session_is_roots(root):
    get_session_token(root)
    (session,) = root.desk.sessions
    assert (session.kind, session.entity_arn, session.entity_id, session.issuer_access_key_id) == (
        "root",
        f"arn:aws:iam::{ACCOUNT}:root",
        ACCOUNT,
        "AKIAROOT",
    )


def test_it_assumes_no_role(root):
    params = {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/deploy"}
    with pytest.raises(AccessDenied, match=r"^Roles may not be assumed by root accounts\.$"):
        role_to_assume(root, params)
