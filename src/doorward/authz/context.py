"""Fill the condition keys of a live call: who calls, how the request came, what it acts on.

Keys are given in lower case, the engine's fast form. A key that AWS leaves out is left out here;
which these are is the table of global condition keys in the IAM User Guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doorward.account.account import Account
from doorward.account.caller import Caller, CallerKind
from doorward.account.model import Role, Tag, User

Keys = dict[str, str | tuple[str, ...]]

PRINCIPAL_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.ASSUMED_ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.WEB_IDENTITY: "User",
    CallerKind.SAML: "User",
    CallerKind.SERVICE: "AWSService",
    CallerKind.ANONYMOUS: "Anonymous",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a request came in.

    Attributes:
        at: Aware UTC.
        region: The region AWS would report: us-east-1 for global services.
        source: The client's address.
        secure: Over TLS.
        user_agent: As sent, or None.
        referer: As sent, or None.
    """

    at: datetime
    region: str
    source: str
    secure: bool
    user_agent: str | None = None
    referer: str | None = None


def of_call(caller: Caller, account: Account | None, arrival: Arrival) -> Keys:
    """Everything that does not depend on the operation. `account` is the caller's own."""
    return (
        _of_arrival(arrival)
        | _of_principal(caller)
        | _of_tags(caller, account)
        | _of_session(caller, arrival.at)
    )


def of_resource(
    account_id: str, tags: tuple[Tag, ...], service: str, keys: Mapping[str, str | tuple[str, ...]]
) -> Keys:
    """What the resource and the operation add; `service` has its own form of the tag key."""
    context: Keys = {"aws:resourceaccount": account_id}
    for tag in tags:
        context[f"aws:resourcetag/{tag.key.lower()}"] = tag.value
        context[f"{service}:resourcetag/{tag.key.lower()}"] = tag.value
    for key, value in keys.items():
        context[key.lower()] = value
    return context


def _of_arrival(arrival: Arrival) -> Keys:
    context: Keys = {
        "aws:currenttime": f"{arrival.at:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(arrival.at.timestamp())),
        "aws:securetransport": "true" if arrival.secure else "false",
        "aws:requestedregion": arrival.region,
        "aws:viaawsservice": "false",
        "aws:sourceip": arrival.source,
    }
    if arrival.user_agent is not None:
        context["aws:useragent"] = arrival.user_agent
    if arrival.referer is not None:
        context["aws:referer"] = arrival.referer
    return context


def _of_principal(caller: Caller) -> Keys:
    context: Keys = {
        "aws:principaltype": PRINCIPAL_TYPES[caller.kind],
        "aws:userid": caller.unique_id,
    }
    if caller.kind is CallerKind.ANONYMOUS:
        return context
    context["aws:principalisawsservice"] = "false"
    context["aws:principalaccount"] = caller.account
    if caller.kind in {CallerKind.ROLE, CallerKind.ASSUMED_ROOT}:
        context["aws:principalarn"] = caller.entity_arn
    elif caller.kind not in {CallerKind.WEB_IDENTITY, CallerKind.SAML}:
        context["aws:principalarn"] = caller.arn
    if caller.kind is CallerKind.USER:
        context["aws:username"] = caller.name
    if caller.kind is CallerKind.ASSUMED_ROOT:
        context["aws:assumedroot"] = "true"
    return context


def _of_tags(caller: Caller, account: Account | None) -> Keys:
    """User tags; role tags overlaid by session tags, whatever the case of the key."""
    entity = account.by_id(caller.entity_id) if account else None
    tags = list(entity.tags) if isinstance(entity, User | Role) else []
    if caller.kind is CallerKind.FEDERATED_USER:
        tags = []
    own = caller.session.tags if caller.session else ()
    return {f"aws:principaltag/{key.lower()}": value for key, value in (*tags, *own)}


def _of_session(caller: Caller, now: datetime) -> Keys:
    session = caller.session
    if session is None:
        return {}
    context: Keys = {
        "aws:tokenissuetime": f"{session.issued_at:%Y-%m-%dT%H:%M:%SZ}",
        "aws:multifactorauthpresent": "true" if session.mfa_at else "false",
    }
    if session.mfa_at:
        age_s = (now - session.mfa_at).total_seconds()
        context["aws:multifactorauthage"] = str(max(0, int(age_s)))
    if session.source_identity:
        context["aws:sourceidentity"] = session.source_identity
    if session.provider:
        context["aws:federatedprovider"] = session.provider
    return context | {key.lower(): value for key, value in session.context}
