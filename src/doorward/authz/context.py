"""Fill the condition keys of a live call: who calls, how the request came, what it acts on.

Keys are given in lower case, the engine's fast form. A key that AWS leaves out is left out here;
which these are is the table of global condition keys in the IAM User Guide (docs/conditions.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address

from doorward.account.account import Account
from doorward.account.caller import Caller, CallerKind
from doorward.account.model import Role, User
from doorward.account.tags import Tag

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

_UNSIGNED = frozenset({CallerKind.ANONYMOUS, CallerKind.WEB_IDENTITY, CallerKind.SAML})


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a request came in.

    Attributes:
        at: Aware UTC.
        region: The region AWS would report: us-east-1 for global services.
        source: The client's address; what is none is not shown to policies.
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
    return _of_arrival(arrival) | of_principal(caller, account) | _of_session(caller, arrival.at)


def of_principal(caller: Caller, account: Account | None) -> Keys:
    """What follows from who calls, whatever it calls. `account` is the caller's own."""
    return _of_principal(caller) | _of_tags(caller, account)


def of_resource(
    arn: str, owner: str, tags: tuple[Tag, ...], keys: Mapping[str, str | tuple[str, ...]]
) -> Keys:
    """What the resource and the operation add. `owner` is the resource's account."""
    context: Keys = {"aws:resourceaccount": owner}
    for tag in tags:
        # AWS: the service of the resource has a form of its own: iam:ResourceTag of a role, also
        # where sts:AssumeRole asks.
        context[f"aws:resourcetag/{tag.key.lower()}"] = tag.value
        context[f"{arn.split(':', 3)[2]}:resourcetag/{tag.key.lower()}"] = tag.value
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
    }
    address = _address(arrival.source)
    if address:
        context["aws:sourceip"] = address
    if arrival.user_agent is not None:
        context["aws:useragent"] = arrival.user_agent
    if arrival.referer is not None:
        context["aws:referer"] = arrival.referer
    return context


# SPEED: 2 us to read an address, 0.1 us to remember it.
@lru_cache(maxsize=4096)
def _address(source: str) -> str:
    """The address without its zone; empty where it is none, as a proxy may say `unknown`."""
    # INVARIANT: text that is no address matches neither IpAddress nor NotIpAddress, so a Deny on
    # all but some networks would let it through; with no key at all that Deny applies.
    address = source.partition("%")[0]
    try:
        ip_address(address)
    except ValueError:
        return ""
    return address


def _of_principal(caller: Caller) -> Keys:
    if caller.kind is CallerKind.SERVICE:
        return _of_service(caller.name)
    context: Keys = {
        "aws:principaltype": PRINCIPAL_TYPES[caller.kind],
        "aws:userid": caller.unique_id,
    }
    # AWS: nobody's account is the word `anonymous` (the guide, "aws:PrincipalAccount").
    account = "anonymous" if caller.kind is CallerKind.ANONYMOUS else caller.account
    if account:
        context["aws:principalaccount"] = account
    if caller.kind in _UNSIGNED:
        return context
    context["aws:principalisawsservice"] = "false"
    # AWS: a role session shows the role, not itself.
    of_role = caller.kind in {CallerKind.ROLE, CallerKind.ASSUMED_ROOT}
    context["aws:principalarn"] = caller.entity_arn if of_role else caller.arn
    if caller.kind is CallerKind.USER:
        context["aws:username"] = caller.name
    if caller.kind is CallerKind.ASSUMED_ROOT:
        context["aws:assumedroot"] = "true"
    return context


def _of_service(name: str) -> Keys:
    # AWS: it has no account and no ARN. The guide lists a service's regional names too.
    return {
        "aws:principaltype": PRINCIPAL_TYPES[CallerKind.SERVICE],
        "aws:principalisawsservice": "true",
        "aws:principalservicename": name,
        "aws:principalservicenameslist": (name,),
    }


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
