"""Managed policies attached to users, groups and roles."""

from dataclasses import replace
from typing import Any, TypeVar

from doorward.account.model import Group, Role, User
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.errors import NoSuchEntity
from doorward.services.iam.keys import boundary_of_holder
from doorward.services.iam.keys import policy_arn as policy_arn_key
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import group_named, role_named, user_named
from doorward.services.paging import page
from doorward.services.registry import operation

H = TypeVar("H", User, Group, Role)

_QUOTAS: dict[type, str] = {
    User: "AttachedPoliciesPerUserQuota",
    Group: "AttachedPoliciesPerGroupQuota",
    Role: "AttachedPoliciesPerRoleQuota",
}


@operation("iam", on=user_named, keys=(policy_arn_key, boundary_of_holder))
def attach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> None:
    """Attach a managed policy to a user; once is enough."""
    _attach(call, find.user(call, user_name), policy_arn)


@operation("iam", on=group_named, keys=(policy_arn_key,))
def attach_group_policy(call: Call, *, group_name: str, policy_arn: str) -> None:
    """Attach a managed policy to a group; once is enough."""
    _attach(call, find.group(call, group_name), policy_arn)


@operation("iam", on=role_named, keys=(policy_arn_key, boundary_of_holder))
def attach_role_policy(call: Call, *, role_name: str, policy_arn: str) -> None:
    """Attach a managed policy to a role; once is enough."""
    _attach(call, find.changeable_role(call, role_name), policy_arn)


@operation("iam", on=user_named, keys=(policy_arn_key, boundary_of_holder))
def detach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> None:
    """Detach a managed policy from a user."""
    _detach(call, find.user(call, user_name), policy_arn)


@operation("iam", on=group_named, keys=(policy_arn_key,))
def detach_group_policy(call: Call, *, group_name: str, policy_arn: str) -> None:
    """Detach a managed policy from a group."""
    _detach(call, find.group(call, group_name), policy_arn)


@operation("iam", on=role_named, keys=(policy_arn_key, boundary_of_holder))
def detach_role_policy(call: Call, *, role_name: str, policy_arn: str) -> None:
    """Detach a managed policy from a role."""
    _detach(call, find.changeable_role(call, role_name), policy_arn)


@operation("iam", on=user_named, reads=True)
def list_attached_user_policies(
    call: Call,
    *,
    user_name: str,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the managed policies attached to a user, ordered by name."""
    attached = find.user(call, user_name).attached
    return _listed(call, attached, path_prefix, marker, max_items)


@operation("iam", on=group_named, reads=True)
def list_attached_group_policies(
    call: Call,
    *,
    group_name: str,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the managed policies attached to a group, ordered by name."""
    attached = find.group(call, group_name).attached
    return _listed(call, attached, path_prefix, marker, max_items)


@operation("iam", on=role_named, reads=True)
def list_attached_role_policies(
    call: Call,
    *,
    role_name: str,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the managed policies attached to a role, ordered by name."""
    attached = find.role(call, role_name).attached
    return _listed(call, attached, path_prefix, marker, max_items)


def _attach(call: Call, holder: H, arn: str) -> None:
    find.attachable_policy(call, arn)
    if arn in holder.attached:
        return
    refuse_over_quota(call, _QUOTAS[type(holder)], len(holder.attached))
    call.update(replace(holder, attached=(*holder.attached, arn)))


def _detach(call: Call, holder: H, arn: str) -> None:
    find.refuse_malformed_policy_arn(arn)
    if arn not in holder.attached:
        raise NoSuchEntity.policy(arn)
    call.update(replace(holder, attached=tuple(held for held in holder.attached if held != arn)))


def _listed(
    call: Call, arns: tuple[str, ...], path_prefix: str, marker: str | None, max_items: int | None
) -> dict[str, Any]:
    found = sorted((arn for arn in arns if _path(arn).startswith(path_prefix)), key=_place)
    shown, rest = page(call, found, _place, marker=marker, max_items=max_items)
    policies = [{"PolicyName": _name(arn), "PolicyArn": arn} for arn in shown]
    return {"AttachedPolicies": policies, **rest}


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _path(arn: str) -> str:
    return arn.partition(":policy")[2].rpartition("/")[0] + "/"


def _place(arn: str) -> str:
    return f"{_name(arn).lower()} {arn}"
