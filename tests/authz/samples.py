"""One caller of each sort, with everything it can carry, and the keys of its call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import Profile, Role, User
from doorward.account.session import Session, SessionKind
from doorward.account.tags import Tag
from doorward.authz.context import Arrival, of_call
from doorward.catalog.keys import key_fact

NOW = datetime(2026, 9, 11, 10, 0, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
ROOT_ARN = f"arn:aws:iam::{ACCOUNT}:root"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/p"
ARRIVAL = Arrival(
    NOW, "us-east-1", "192.0.2.7", secure=False, user_agent="cli", referer="https://x/"
)
ANN = User(name="ann", path="/x/", user_id="AIDA1", created=NOW, tags=(Tag("Team", "blue"),))
READER = Role(
    name="Reader", path="/y/", role_id="AROA1", created=NOW, trust="", tags=(Tag("Team", "red"),)
)
HERE = Account.of(ACCOUNT, [Profile(id=ACCOUNT, email="e", created=NOW), ANN, READER])


def a_session(kind=SessionKind.ROLE, **changes):
    of_role = Session(
        access_key_id="ASIA1",
        secret_access_key="s",
        account=ACCOUNT,
        kind=kind,
        entity_arn=HERE.arn(READER),
        entity_id=READER.role_id,
        name="work",
        issued_at=NOW - timedelta(minutes=5),
        expires_at=NOW + timedelta(hours=1),
    )
    return replace(of_role, **changes)


_OF_ANN = {"entity_arn": HERE.arn(ANN), "entity_id": ANN.user_id, "name": "ann"}
_OF_ROOT = {"entity_arn": ROOT_ARN, "entity_id": ACCOUNT, "name": ""}
_FEDERATED = {"name": "bob", "tags": (("cost", "1"),)}

LIVE = {
    "user": Caller.user(HERE.arn(ANN), ANN.user_id, "AKIA1"),
    "user, temporary": Caller.of_session(a_session(SessionKind.USER, **_OF_ANN)),
    "user, temporary, with MFA": Caller.of_session(
        a_session(SessionKind.USER, **_OF_ANN, mfa_at=NOW)
    ),
    "root": Caller.root(ACCOUNT, "AKIA2"),
    "root, temporary": Caller.of_session(a_session(SessionKind.ROOT, **_OF_ROOT)),
    "role session": Caller.of_session(a_session(source_identity="ann")),
    "federated user": Caller.of_session(
        a_session(SessionKind.FEDERATED_USER, **_OF_ANN | _FEDERATED)
    ),
}
"""Callers a server meets today."""

CALLERS = LIVE | {
    "federated role session": Caller.of_session(a_session(provider=PROVIDER)),
    "assumed root": Caller.of_session(a_session(SessionKind.ASSUMED_ROOT, **_OF_ROOT)),
    "SAML": Caller.saml(PROVIDER, "x"),
    "web identity": Caller.web_identity(PROVIDER, "x"),
    "service": Caller.service("ec2.amazonaws.com"),
    "anonymous": Caller.anonymous(),
}
"""Callers the context knows."""


def context_of(caller, account=HERE, arrival=ARRIVAL):
    return of_call(caller, account, arrival)


def names(context):
    """The keys in AWS's spelling, templates for those that end in a tag's name."""
    return {key_fact(key).name for key in context}
