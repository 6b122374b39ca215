"""A question about principals of live accounts, ready for the engine."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.analysis.question import Holder, Question, holder_of
from doorward.authz.context import of_principal
from doorward.catalog import actions
from doorward.policy import Arn, Attached, Context, Policies, Policy, Principal, Request
from doorward.policy.testing import refuse_malformed
from doorward.policy.variables import Values

Accounts = Callable[[str], Account | None]
Asked = tuple[Request, Policies]


class Circumstances(TypedDict, total=False):
    """What may be said of a question beside who asks for what.

    Attributes:
        context: Condition keys, beside those that follow from the principal.
        resource_account: Who owns the resource; the ARN's account, else the principal's.
        resource_policy: The resource's own policy; a role has its trust policy without.
    """

    context: Mapping[str, Values] | None
    resource_account: str | None
    resource_policy: str | Mapping[str, Any] | None


def question(
    accounts: Accounts,
    main: Account,
    principal: str | None,
    action: str,
    resource: str,
    **given: Unpack[Circumstances],
) -> Asked:
    """The request, and every policy of the accounts with a say in it.

    The context is what follows from the principal and the resource, and what is given.

    Args:
        accounts: An account by its id.
        main: Who owns what nobody else does, where the principal is of no account.
        principal: An ARN, a service's name, or `None` for an unsigned request.
        action: One that AWS has, or of a service that AWS does not have.
        resource: An ARN, or `*`.
        given: As `Circumstances` says.

    Raises:
        LookupError: no account has this principal.
        PolicyError: the principal or the resource's policy is none.
        ValueError: there is no such action.
    """
    refuse_unknown(action)
    caller = Principal.from_arn(principal)
    home = accounts(caller.account) if caller.account else main
    holder = (holder_of(home, caller.arn) if caller.account else outsider(caller)) if home else None
    if home is None or holder is None:
        raise LookupError(f"there is no {caller.arn}")
    arn = Arn.parse(resource)
    owner = accounts(arn.account) if arn and arn.account else None
    asked = Question.of(
        owner or home,
        action,
        resource,
        context=given.get("context"),
        resource_policy=_resource_policy(given.get("resource_policy")),
        resource_account=given.get("resource_account"),
    )
    policy = asked.policy
    policies = replace(holder.policies, resource=(policy,)) if policy else holder.policies
    return asked.request(holder), policies


def outsider(principal: Principal) -> Holder:
    """A service or an anonymous caller, who holds nothing."""
    caller = Caller.service(principal.arn) if principal.arn else Caller.anonymous()
    return Holder(principal, Policies(), Context(of_principal(caller, None)))


def full_arn(account_id: str, principal: str) -> str:
    """The ARN of a principal given as `user/ann`, `role/deployer` or `root`; others stay."""
    if principal == "root" or principal.startswith(("user/", "role/")):
        return f"arn:aws:iam::{account_id}:{principal}"
    if principal.startswith("assumed-role/"):
        return f"arn:aws:sts::{account_id}:{principal}"
    return principal


def refuse_unknown(action: str) -> None:
    """Refuse what is no action, or none of its service; services AWS does not have are let be.

    Raises:
        ValueError: there is no such action.
    """
    refuse_malformed(action)
    service, _, name = action.partition(":")
    if actions.actions_of(service) and not actions.exists(action):
        raise ValueError(f"{service} has no action {name}")


def _resource_policy(given: str | Mapping[str, Any] | None) -> Attached | None:
    if given is None:
        return None
    text = given if isinstance(given, str) else json.dumps(given)
    return Attached(Policy.parse(text, "resource"), "resource policy")
