"""Ask the engine about a live call, and say a refusal in AWS's words."""

from dataclasses import dataclass

from doorward.account.account import Account
from doorward.account.caller import Caller, CallerKind
from doorward.authz.gather import policies_of
from doorward.policy import Attached, Context, Decision, Principal, PrincipalKind, Request, decide
from doorward.policy.explain import denial

_KINDS = {
    CallerKind.ROOT: PrincipalKind.ROOT,
    CallerKind.ASSUMED_ROOT: PrincipalKind.ASSUMED_ROOT,
    CallerKind.USER: PrincipalKind.USER,
    CallerKind.ROLE: PrincipalKind.SESSION,
    CallerKind.FEDERATED_USER: PrincipalKind.FEDERATED_USER,
    CallerKind.SERVICE: PrincipalKind.SERVICE,
    CallerKind.WEB_IDENTITY: PrincipalKind.WEB_IDENTITY,
    CallerKind.SAML: PrincipalKind.SAML,
    CallerKind.ANONYMOUS: PrincipalKind.ANONYMOUS,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the engine.

    Attributes:
        resource: An ARN, or `*` where the action takes none.
        owner: The account that owns the resource.
        shown: How a refusal names the resource.
        policy: The resource's own policy, where it has one.
        context: Condition keys in lower case.
    """

    action: str
    resource: str
    owner: str
    shown: str
    policy: Attached | None
    context: Context


def judge(caller: Caller, account: Account | None, asked: Asked) -> Decision:
    """Decide. `account` is the caller's own, as it stands."""
    return decide(_request(caller, asked), policies_of(caller, account, asked.policy))


def _request(caller: Caller, asked: Asked) -> Request:
    return Request(principal_of(caller), asked.action, asked.resource, asked.owner, asked.context)


def principal_of(caller: Caller) -> Principal:
    """The caller as the engine knows principals."""
    name = caller.name if caller.kind is CallerKind.SERVICE else caller.arn
    return Principal(
        kind=_KINDS[caller.kind],
        arn=name,
        account=caller.account,
        entity_arn=caller.entity_arn or None,
        entity_id=caller.entity_id or None,
        provider=caller.provider,
    )


def refusal(caller: Caller, asked: Asked, decision: Decision) -> str:
    """AWS's sentence for a refusal.

    Source: IAM User Guide, "Troubleshoot access denied error messages".
    """
    if caller.kind in {CallerKind.WEB_IDENTITY, CallerKind.SAML}:
        return f"Not authorized to perform {asked.action}"
    who = caller.arn or "anonymous"
    why = denial(decision, _request(caller, asked))
    said = f"User: {who} is not authorized to perform: {asked.action} on resource: {asked.shown}"
    return f"{said} {why}" if why else said
