from datetime import UTC, datetime

import pytest

from doorward.account.session import Session, SessionKind
from doorward.authn.session_scope import refusal

NOW = datetime(2026, 9, 11, 10, tzinfo=UTC)
STS = "Cannot call {} with session credentials"
NO_MFA = "Cannot call IAM operations with session credentials obtained without MFA"
FEDERATED = "Cannot call IAM operations with federated user credentials"


def session(kind, *, mfa=False, signed_in=False):
    return Session(
        access_key_id="ASIAEXAMPLE",
        secret_access_key="secret",
        account="111122223333",
        kind=kind,
        entity_arn="arn:aws:iam::111122223333:user/ann",
        entity_id="AIDAEXAMPLE",
        name="ann",
        issued_at=NOW,
        expires_at=NOW,
        mfa_at=NOW if mfa else None,
        issuer_access_key_id=None if signed_in else "AKIAEXAMPLE",
    )


@pytest.mark.parametrize("service", ["iam", "sts", "cloudtrail"])
def test_long_term_keys_are_not_refused_here(service):
    assert refusal(None, service, "GetSessionToken") is None


@pytest.mark.parametrize("kind", list(SessionKind))
def test_anybody_may_ask_who_they_are(kind):
    assert refusal(session(kind), "sts", "GetCallerIdentity") is None


@pytest.mark.parametrize("operation", ["GetSessionToken", "GetFederationToken"])
@pytest.mark.parametrize("kind", list(SessionKind))
def test_no_session_opens_a_session_of_the_caller(kind, operation):
    assert refusal(session(kind), "sts", operation) == STS.format(operation)


@pytest.mark.parametrize(
    ("kind", "operation", "refused"),
    [
        ("role", "AssumeRole", False),
        ("role", "GetAccessKeyInfo", False),
        ("role", "DecodeAuthorizationMessage", False),
        ("user", "AssumeRole", False),
        ("user", "GetAccessKeyInfo", True),
        ("user", "DecodeAuthorizationMessage", True),
        ("root", "AssumeRole", False),
        ("root", "GetAccessKeyInfo", True),
        ("federated_user", "AssumeRole", True),
        ("federated_user", "DecodeAuthorizationMessage", True),
        ("assumed_root", "AssumeRole", True),
    ],
)
@pytest.mark.parametrize("mfa", [True, False])
def test_sts(kind, operation, mfa, refused):
    expected = STS.format(operation) if refused else None
    assert refusal(session(SessionKind(kind), mfa=mfa), "sts", operation) == expected


@pytest.mark.parametrize(
    ("kind", "mfa", "reason"),
    [
        ("role", False, None),
        ("assumed_root", False, None),
        ("user", False, NO_MFA),
        ("user", True, None),
        ("root", False, NO_MFA),
        ("root", True, None),
        ("federated_user", False, FEDERATED),
        ("federated_user", True, FEDERATED),
    ],
)
def test_iam(kind, mfa, reason):
    assert refusal(session(SessionKind(kind), mfa=mfa), "iam", "ListUsers") == reason


@pytest.mark.parametrize("kind", ["user", "root"])
def test_iam_takes_who_signed_in_without_mfa(kind):
    assert refusal(session(SessionKind(kind), signed_in=True), "iam", "ListUsers") is None


@pytest.mark.parametrize("kind", list(SessionKind))
def test_other_services_take_every_session(kind):
    assert refusal(session(kind), "cloudtrail", "LookupEvents") is None
