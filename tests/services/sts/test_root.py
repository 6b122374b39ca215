"""Root has no access key to sign with, so its operations are called as functions."""

from datetime import timedelta

import pytest
from tests.services.sts.conftest import a_call

from doorward.account.caller import Caller
from doorward.services.sts.errors import AccessDenied
from doorward.services.sts.federation_token import get_federation_token
from doorward.services.sts.session_token import get_session_token
from doorward.services.sts.targets import role_to_assume

ACCOUNT = "111122223333"


@pytest.fixture
def root():
    return a_call(Caller.root(ACCOUNT, "AKIAROOT"))


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
    assert expiration - root.now.replace(microsecond=0) == timedelta(seconds=granted_s)


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
