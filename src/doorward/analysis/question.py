"""An action on a resource, asked about principals of one account."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

from doorward.account.account import Account
from doorward.account.model import ManagedPolicy, Role, User
from doorward.account.tags import Tag
from doorward.authz.context import of_resource
from doorward.authz.gather import principal_in, resource_policy_of
from doorward.authz.principal_keys import of_principal_in
from doorward.policy import Arn, Attached, Context, Decision, Policies, Principal, Request, decide
from doorward.policy.variables import Values

_ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """A principal of the account with what it holds.

    Attributes:
        policies: Without any resource's policy.
        keys: The condition keys that follow from who it is.
    """

    principal: Principal
    policies: Policies
    keys: Context


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked, whoever is asked about.

    Attributes:
        owner: 12 digits: the account that owns the resource.
        policy: The policy that stands on the resource.
        context: The keys that do not depend on the principal, and those given.
    """

    action: str
    resource: str
    owner: str
    policy: Attached | None
    context: Context

    @classmethod
    def of(
        cls,
        account: Account,
        action: str,
        resource: str,
        *,
        context: Mapping[str, Values] | None = None,
        resource_policy: Attached | None = None,
        resource_account: str | None = None,
    ) -> Self:
        """Complete a question from what the account knows.

        Args:
            account: Whose principals will be asked about.
            action: `service:Name`.
            resource: An ARN, or `*`.
            context: Condition keys; they win over those of the account.
            resource_policy: What stands on the resource. For actions of STS on a role of the
                account its trust policy is taken where none is given.
            resource_account: Who owns the resource; else the ARN's account, else this one.
        """
        policy = resource_policy
        if policy is None and action.lower().startswith("sts:"):
            policy = resource_policy_of(account, resource)
        owner = resource_account or _owner(account, resource)
        known = of_resource(resource, owner, _tags(account, resource), {})
        return cls(action, resource, owner, policy, Context.of({**known, **(context or {})}))

    def request(self, holder: Holder) -> Request:
        """The question about one principal."""
        context = Context(holder.keys | self.context)
        return Request(holder.principal, self.action, self.resource, self.owner, context)

    def policies(self, holder: Holder) -> Policies:
        """The principal's policies with that of the resource."""
        if self.policy is None:
            return holder.policies
        return replace(holder.policies, resource=(self.policy,))

    def decide(self, holder: Holder) -> Decision:
        """Ask the engine about one principal."""
        return decide(self.request(holder), self.policies(holder))


def holder_of(account: Account, arn: str) -> Holder | None:
    """The principal of that ARN; `None`: there is none."""
    found = principal_in(account, arn)
    return Holder(*found, Context(of_principal_in(account, arn))) if found else None


def everyone(account: Account) -> Iterator[Holder]:
    """Every user, then every role, by name; then the root user."""
    users, roles = map(account.arn, account.all(User)), map(account.arn, account.all(Role))
    arns = (*users, *roles, f"arn:aws:iam::{account.id}:root")
    return filter(None, (holder_of(account, arn) for arn in arns))


def _owner(account: Account, resource: str) -> str:
    arn = Arn.parse(resource)
    return arn.account if arn and _ACCOUNT.fullmatch(arn.account) else account.id


def _tags(account: Account, resource: str) -> tuple[Tag, ...]:
    name = resource.rpartition("/")[2]
    known: list[User | Role | ManagedPolicy | None]
    known = [account.user(name), account.role(name), account.policy(resource)]
    for one in known:
        if one and account.arn(one) == resource:
            return one.tags
    return ()
