"""Where managed policies are used: attached, or as a permissions boundary."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from doorward.account.account import Account
from doorward.account.model import Group, Role, User
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.errors import NoSuchEntity
from doorward.services.iam.targets import policy_of_arn
from doorward.services.paging import page
from doorward.services.registry import operation

Holder = User | Group | Role


class Uses(NamedTuple):
    """How often a policy is used each way."""

    attachments: int = 0
    boundaries: int = 0

    def counted(self, usage: str | None) -> int:
        """The uses of that PolicyUsageFilter; without one, all."""
        if usage == "PermissionsPolicy":
            return self.attachments
        if usage == "PermissionsBoundary":
            return self.boundaries
        return self.attachments + self.boundaries


def uses_of(account: Account, arn: str) -> Uses:
    """How often the policy of that ARN is used in the account."""
    return _all_uses(account).get(arn, _UNUSED)


@operation("iam", on=policy_of_arn, reads=True)
def list_entities_for_policy(
    call: Call,
    *,
    policy_arn: str,
    entity_filter: str | None = None,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the groups, users and roles that use a policy."""
    find.policy(call, policy_arn, NoSuchEntity.attachable_policy)
    found = [
        holder
        for holder in _holders(call.account)
        if entity_filter in {None, type(holder).__name__}
        and holder.path.startswith(path_prefix)
        and _uses(holder, policy_arn, policy_usage_filter)
    ]
    shown, rest = page(call, found, _place, marker=marker, max_items=max_items)
    return {
        "PolicyGroups": [
            {"GroupName": of.name, "GroupId": of.group_id} for of in shown if isinstance(of, Group)
        ],
        "PolicyUsers": [
            {"UserName": of.name, "UserId": of.user_id} for of in shown if isinstance(of, User)
        ],
        "PolicyRoles": [
            {"RoleName": of.name, "RoleId": of.role_id} for of in shown if isinstance(of, Role)
        ],
        **rest,
    }


def _holders(account: Account) -> Iterator[Holder]:
    """Every group, then every role, then every user: the order of `_place`."""
    yield from account.all(Group)
    yield from account.all(Role)
    yield from account.all(User)


def _place(of: Holder) -> str:
    return f"{type(of).__name__} {of.key}"


def _uses(holder: Holder, arn: str, usage: str | None) -> bool:
    attached = arn in holder.attached
    bounding = _boundary(holder) == arn
    return bool(Uses(attached, bounding).counted(usage))


def _boundary(holder: Holder) -> str | None:
    return None if isinstance(holder, Group) else holder.boundary


_UNUSED = Uses()


def _all_uses(account: Account) -> Mapping[str, Uses]:
    # SPEED: one walk for all policies, kept with the account's value.
    found: dict[str, Uses] | None = account.memo.get("policy-uses")
    if found is None:
        found = account.memo["policy-uses"] = _count(account)
    return found


def _count(account: Account) -> dict[str, Uses]:
    counted: dict[str, Uses] = {}
    for holder in _holders(account):
        for arn in holder.attached:
            uses = counted.get(arn, _UNUSED)
            counted[arn] = uses._replace(attachments=uses.attachments + 1)
        boundary = _boundary(holder)
        if boundary is not None:
            uses = counted.get(boundary, _UNUSED)
            counted[boundary] = uses._replace(boundaries=uses.boundaries + 1)
    return counted
