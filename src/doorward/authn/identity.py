"""Who called, as CloudTrail's userIdentity prints it.

Source: CloudTrail guide, "userIdentity element"; recorded events, service_management_events.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from doorward.account.caller import Caller, CallerKind
from doorward.account.session import Session, SessionKind

Identity = dict[str, Any]


def user_identity(caller: Caller) -> Identity:
    """The caller as its own account's trail shows it."""
    return _FORMS[caller.kind](caller)


def seen_from(caller: Caller, account: str) -> Identity:
    """The caller as the trail of `account` shows it: to another account only who and whose."""
    if caller.account in {account, ""}:
        return user_identity(caller)
    return {
        "type": "AWSAccount",
        "principalId": caller.unique_id,
        "accountId": caller.account,
    }


def unknown(access_key_id: str | None = None, account: str | None = None) -> Identity:
    """Nobody was proven to call; the key is what the request claimed."""
    identity: Identity = {"type": "Unknown", "principalId": ""}
    if account:
        identity["accountId"] = account
    if access_key_id:
        identity["accessKeyId"] = access_key_id
    return identity


def _root(caller: Caller) -> Identity:
    return _proven("Root", caller) | _session_context(caller.session)


def _user(caller: Caller) -> Identity:
    own = _proven("IAMUser", caller)
    return own | {"userName": caller.name} | _session_context(caller.session)


def _role(caller: Caller) -> Identity:
    return _proven("AssumedRole", caller) | _session_context(caller.session)


def _federated_user(caller: Caller) -> Identity:
    return _proven("FederatedUser", caller) | _session_context(caller.session)


def _assumed_root(caller: Caller) -> Identity:
    identity = _root(caller)
    identity["sessionContext"]["assumedRoot"] = "true"
    return identity


def _service(caller: Caller) -> Identity:
    return {"type": "AWSService", "invokedBy": caller.name}


def _web_identity(caller: Caller) -> Identity:
    return _vouched_for("WebIdentityUser", caller)


def _saml(caller: Caller) -> Identity:
    return _vouched_for("SAMLUser", caller)


def _anonymous(_caller: Caller) -> Identity:
    return {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}


def _proven(kind: str, caller: Caller) -> Identity:
    identity: Identity = {
        "type": kind,
        "principalId": caller.unique_id,
        "arn": caller.arn,
        "accountId": caller.account,
    }
    if caller.access_key_id is not None:
        identity["accessKeyId"] = caller.access_key_id
    return identity


def _vouched_for(kind: str, caller: Caller) -> Identity:
    return {
        "type": kind,
        "principalId": f"{caller.provider}:{caller.name}",
        "userName": caller.name,
        "identityProvider": caller.provider,
    }


def _session_context(session: Session | None) -> Identity:
    if session is None:
        return {}
    context: Identity = {}
    issuer = _issuer(session)
    if issuer:
        context["sessionIssuer"] = issuer
    if session.provider and ":saml-provider/" not in session.provider:
        context["webIdFederationData"] = {
            "federatedProvider": session.provider,
            "attributes": {},
        }
    context["attributes"] = {
        "creationDate": _iso(session.issued_at),
        "mfaAuthenticated": "true" if session.mfa_at else "false",
    }
    if session.source_identity:
        context["sourceIdentity"] = session.source_identity
    return {"sessionContext": context}


def _issuer(session: Session) -> Identity | None:
    """Who the session was borrowed from; nobody, when it is the principal itself."""
    kind = _ISSUERS.get(session.kind)
    if kind is None:
        return None
    resource = session.entity_arn.split(":", 5)[5]
    issuer = {
        "type": "Root" if resource == "root" else kind,
        "principalId": session.entity_id,
        "arn": session.entity_arn,
        "accountId": session.account,
    }
    if resource != "root":
        issuer["userName"] = resource.rpartition("/")[2]
    return issuer


def _iso(at: datetime) -> str:
    return f"{at.isoformat(timespec='seconds')[:19]}Z"


_ISSUERS = {SessionKind.ROLE: "Role", SessionKind.FEDERATED_USER: "IAMUser"}
_FORMS: dict[CallerKind, Callable[[Caller], Identity]] = {
    CallerKind.ROOT: _root,
    CallerKind.USER: _user,
    CallerKind.ROLE: _role,
    CallerKind.FEDERATED_USER: _federated_user,
    CallerKind.ASSUMED_ROOT: _assumed_root,
    CallerKind.SERVICE: _service,
    CallerKind.WEB_IDENTITY: _web_identity,
    CallerKind.SAML: _saml,
    CallerKind.ANONYMOUS: _anonymous,
}
