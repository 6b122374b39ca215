"""A question about principals of live accounts, ready for the engine."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypedDict, Unpack

from doorward.account.account import Account
from doorward.authz.gather import principal_in, resource_policy_of
from doorward.authz.principal_keys import of_principal_in
from doorward.catalog import actions
from doorward.policy import Arn, Attached, Policies, Policy, Principal, Request
from doorward.policy.testing import request
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
    principal: str | None,
    action: str,
    resource: str,
    **given: Unpack[Circumstances],
) -> Asked:
    """The request, and every policy of the accounts with a say in it.

    The context is what follows from the principal and the resource's owner, and what is given.

    Args:
        accounts: An account by its id.
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
    policy = _resource_policy(accounts, resource, given.get("resource_policy"))
    policies = Policies(resource=(policy,) if policy else None)
    keys: dict[str, Values] = {}
    home = accounts(caller.account) if caller.account else None
    if caller.account:
        found = principal_in(home, caller.arn, policy) if home else None
        if home is None or found is None:
            raise LookupError(f"there is no {caller.arn}")
        caller, policies = found
        keys = dict(of_principal_in(home, caller.arn))
    asked = request(caller, action, resource, given.get("resource_account"))
    keys["aws:resourceaccount"] = asked.resource_account
    keys.update((key.lower(), value) for key, value in (given.get("context") or {}).items())
    return request(caller, action, resource, asked.resource_account, keys), policies


def full_arn(account_id: str, principal: str) -> str:
    """The ARN of a principal given as `user/ann`, `role/deployer` or `root`; others stay."""
    if principal == "root" or principal.startswith(("user/", "role/")):
        return f"arn:aws:iam::{account_id}:{principal}"
    if principal.startswith("assumed-role/"):
        return f"arn:aws:sts::{account_id}:{principal}"
    return principal


def refuse_unknown(action: str) -> None:
    """Refuse an action that its service does not have; services AWS does not have are let be.

    INVARIANT: a slip of the pen is denied as well, and must not pass for a denial.

    Raises:
        ValueError: there is no such action.
    """
    service, _, name = action.partition(":")
    if name and actions.actions_of(service) and not actions.exists(action):
        raise ValueError(f"{service} has no action {name}")


def _resource_policy(
    accounts: Accounts, resource: str, given: str | Mapping[str, Any] | None
) -> Attached | None:
    if given is not None:
        text = given if isinstance(given, str) else json.dumps(given)
        return Attached(Policy.parse(text, "resource"), "resource policy")
    arn = Arn.parse(resource)
    owner = accounts(arn.account) if arn and arn.account else None
    return resource_policy_of(owner, resource) if owner else None
