from datetime import UTC, datetime

import pytest

from doorward.account.caller import Caller, CallerKind
from doorward.account.session import Session, SessionKind

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ACCOUNT = "111122223333"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
USER = f"arn:aws:iam::{ACCOUNT}:user/path/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/path/Deploy"


def session(kind, entity_arn, entity_id, name, **rest):
    return Session("ASIAX", "s", ACCOUNT, kind, entity_arn, entity_id, name, NOW, NOW, **rest)


CASES = [
    (Caller.root(ACCOUNT, "AKIAX"), CallerKind.ROOT, ROOT, ACCOUNT, ROOT),
    (Caller.user(USER, "AIDAX", "AKIAX"), CallerKind.USER, USER, "AIDAX", USER),
    (
        Caller.of_session(session(SessionKind.USER, USER, "AIDAX", "ann")),
        CallerKind.USER,
        USER,
        "AIDAX",
        USER,
    ),
    (
        Caller.of_session(session(SessionKind.ROOT, ROOT, ACCOUNT, "")),
        CallerKind.ROOT,
        ROOT,
        ACCOUNT,
        ROOT,
    ),
    (
        Caller.of_session(session(SessionKind.FEDERATED_USER, USER, "AIDAX", "bob")),
        CallerKind.FEDERATED_USER,
        f"arn:aws:sts::{ACCOUNT}:federated-user/bob",
        f"{ACCOUNT}:bob",
        USER,
    ),
    (
        Caller.of_session(session(SessionKind.ROLE, ROLE, "AROAX", "i-0abc")),
        CallerKind.ROLE,
        f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/i-0abc",
        "AROAX:i-0abc",
        ROLE,
    ),
    (
        Caller.of_session(session(SessionKind.ROLE, ROLE.replace("aws", "aws-cn"), "AROAX", "ann")),
        CallerKind.ROLE,
        f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/Deploy/ann",
        "AROAX:ann",
        ROLE.replace("aws", "aws-cn"),
    ),
    (
        Caller.of_session(session(SessionKind.ASSUMED_ROOT, ROOT, ACCOUNT, "")),
        CallerKind.ASSUMED_ROOT,
        ROOT,
        ACCOUNT,
        ROOT,
    ),
    (Caller.anonymous(), CallerKind.ANONYMOUS, "", "anonymous", ""),
    (Caller.service("ec2.amazonaws.com"), CallerKind.SERVICE, "", "", ""),
]


@pytest.mark.parametrize(("caller", "kind", "arn", "unique_id", "entity_arn"), CASES)
def test_who_a_caller_is(caller, kind, arn, unique_id, entity_arn):
    assert (caller.kind, caller.arn, caller.unique_id) == (kind, arn, unique_id)
    assert caller.entity_arn == entity_arn


@pytest.mark.parametrize(
    ("caller", "kind"),
    [
        (Caller.web_identity(f"arn:aws:iam::{ACCOUNT}:oidc-provider/x", "sub"), "web_identity"),
        (Caller.saml(f"arn:aws:iam::{ACCOUNT}:saml-provider/x", "sub"), "saml"),
    ],
)
def test_federated_callers_go_by_their_provider(caller, kind):
    assert caller.kind == kind
    assert caller.account == ACCOUNT
    assert caller.unique_id == caller.provider
    assert caller.name == "sub"
    assert caller.arn == ""


def test_a_provider_of_no_account():
    assert Caller.web_identity("accounts.google.com", "sub").account == ""


def test_every_kind_of_session_is_a_kind_of_caller():
    for kind in SessionKind:
        assert Caller.of_session(session(kind, ROLE, "AROAX", "n")).kind == kind


@pytest.mark.parametrize(
    ("caller", "temporary", "mfa"),
    [
        (Caller.root(ACCOUNT), False, False),
        (Caller.of_session(session(SessionKind.USER, USER, "AIDAX", "ann")), True, False),
        (Caller.of_session(session(SessionKind.USER, USER, "AIDAX", "a", mfa_at=NOW)), True, True),
    ],
)
def test_temporary_and_mfa(caller, temporary, mfa):
    assert caller.is_temporary is temporary
    assert caller.mfa_present is mfa


def test_what_a_session_hands_on():
    held = session(SessionKind.ROLE, ROLE, "AROAX", "ann", provider="p")
    caller = Caller.of_session(held)
    assert caller.session is held
    assert caller.access_key_id == "ASIAX"
    assert (caller.entity_id, caller.name, caller.provider) == ("AROAX", "ann", "p")
    assert Caller.user(USER, "AIDAX").name == "ann"
    assert Caller.user(USER, "AIDAX").account == ACCOUNT
