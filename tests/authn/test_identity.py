from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from doorward.account.caller import Caller
from doorward.account.session import Session, SessionKind
from doorward.authn.identity import seen_from, unknown, user_identity

ISSUED = datetime(2026, 9, 11, 10, 30, 15, tzinfo=UTC)
ACCOUNT = "111122223333"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/team/deploy"
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/team/ann"
ROOT_ARN = f"arn:aws:iam::{ACCOUNT}:root"
WITHOUT_MFA = {"creationDate": "2026-09-11T10:30:15Z", "mfaAuthenticated": "false"}
ROLE_ISSUER = {
    "type": "Role",
    "principalId": "AROAEXAMPLE",
    "arn": ROLE_ARN,
    "accountId": ACCOUNT,
    "userName": "deploy",
}
ROLE_SESSION = Session(
    access_key_id="ASIAEXAMPLE",
    secret_access_key="hush",
    account=ACCOUNT,
    kind=SessionKind.ROLE,
    entity_arn=ROLE_ARN,
    entity_id="AROAEXAMPLE",
    name="nightly",
    issued_at=ISSUED,
    expires_at=ISSUED + timedelta(hours=1),
)
USER_SESSION = replace(
    ROLE_SESSION,
    kind=SessionKind.USER,
    entity_arn=USER_ARN,
    entity_id="AIDAEXAMPLE",
    name="ann",
)
ROOT_SESSION = replace(
    ROLE_SESSION, kind=SessionKind.ROOT, entity_arn=ROOT_ARN, entity_id=ACCOUNT, name=""
)


def of(session, **changes):
    return user_identity(Caller.of_session(replace(session, **changes)))


def test_root_with_a_long_term_key():
    assert user_identity(Caller.root(ACCOUNT, "AKIAROOT")) == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": ROOT_ARN,
        "accountId": ACCOUNT,
        "accessKeyId": "AKIAROOT",
    }


def test_root_without_a_key_has_none():
    assert "accessKeyId" not in user_identity(Caller.root(ACCOUNT))


def test_a_user_with_a_long_term_key_has_no_session_context():
    assert user_identity(Caller.user(USER_ARN, "AIDAEXAMPLE", "AKIAANN")) == {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": USER_ARN,
        "accountId": ACCOUNT,
        "accessKeyId": "AKIAANN",
        "userName": "ann",
    }


def test_an_assumed_role():
    assert of(ROLE_SESSION, source_identity="ann@example.com") == {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:nightly",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": ROLE_ISSUER,
            "attributes": WITHOUT_MFA,
            "sourceIdentity": "ann@example.com",
        },
    }


def test_a_session_of_a_user_is_the_user():
    identity = of(USER_SESSION, mfa_at=ISSUED)
    assert identity["type"] == "IAMUser"
    assert identity["userName"] == "ann"
    assert identity["sessionContext"] == {
        "attributes": {"creationDate": "2026-09-11T10:30:15Z", "mfaAuthenticated": "true"}
    }


def test_a_session_of_root_is_root():
    identity = of(ROOT_SESSION)
    assert identity["type"] == "Root"
    assert identity["sessionContext"] == {"attributes": WITHOUT_MFA}


def test_an_assumed_root_says_so():
    identity = of(ROOT_SESSION, kind=SessionKind.ASSUMED_ROOT)
    assert identity["type"] == "Root"
    assert identity["sessionContext"] == {"attributes": WITHOUT_MFA, "assumedRoot": "true"}


def test_a_federated_user_names_the_user_behind_it():
    identity = of(USER_SESSION, kind=SessionKind.FEDERATED_USER, name="guest")
    assert identity == {
        "type": "FederatedUser",
        "principalId": f"{ACCOUNT}:guest",
        "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/guest",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "IAMUser",
                "principalId": "AIDAEXAMPLE",
                "arn": USER_ARN,
                "accountId": ACCOUNT,
                "userName": "ann",
            },
            "attributes": WITHOUT_MFA,
        },
    }


def test_root_behind_a_federated_user_has_no_name():
    identity = of(ROOT_SESSION, kind=SessionKind.FEDERATED_USER, name="guest")
    assert identity["sessionContext"]["sessionIssuer"] == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": ROOT_ARN,
        "accountId": ACCOUNT,
    }


@pytest.mark.parametrize(
    ("provider", "shown"),
    [
        ("arn:aws:iam::111122223333:oidc-provider/idp.example.com", True),
        ("accounts.google.com", True),
        ("arn:aws:iam::111122223333:saml-provider/corp", False),
        (None, False),
    ],
)
def test_web_identity_shows_its_provider(provider, shown):
    context = of(ROLE_SESSION, provider=provider)["sessionContext"]
    expected = {"federatedProvider": provider, "attributes": {}} if shown else None
    assert context.get("webIdFederationData") == expected


@pytest.mark.parametrize(
    ("caller", "identity"),
    [
        (
            Caller.web_identity("accounts.google.com", "1234"),
            {
                "type": "WebIdentityUser",
                "principalId": "accounts.google.com:1234",
                "userName": "1234",
                "identityProvider": "accounts.google.com",
            },
        ),
        (
            Caller.saml("arn:aws:iam::111122223333:saml-provider/corp", "ann"),
            {
                "type": "SAMLUser",
                "principalId": "arn:aws:iam::111122223333:saml-provider/corp:ann",
                "userName": "ann",
                "identityProvider": "arn:aws:iam::111122223333:saml-provider/corp",
            },
        ),
        (
            Caller.service("ec2.amazonaws.com"),
            {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
        ),
        (
            Caller.anonymous(),
            {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"},
        ),
    ],
)
def test_callers_without_a_principal_of_iam(caller, identity):
    assert user_identity(caller) == identity


def test_another_account_sees_only_who_and_whose():
    caller = Caller.of_session(ROLE_SESSION)
    assert seen_from(caller, "444455556666") == {
        "type": "AWSAccount",
        "principalId": "AROAEXAMPLE:nightly",
        "accountId": ACCOUNT,
    }


@pytest.mark.parametrize("caller", [Caller.root(ACCOUNT), Caller.service("ec2.amazonaws.com")])
def test_its_own_account_sees_all(caller):
    assert seen_from(caller, ACCOUNT) == user_identity(caller)


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ({}, {"type": "Unknown", "principalId": ""}),
        (
            {"access_key_id": "AKIANOBODY", "account": ACCOUNT},
            {
                "type": "Unknown",
                "principalId": "",
                "accountId": ACCOUNT,
                "accessKeyId": "AKIANOBODY",
            },
        ),
    ],
)
def test_nobody_was_proven(given, identity):
    assert unknown(**given) == identity


def test_no_secret_is_shown():
    assert "hush" not in repr(of(ROLE_SESSION))
