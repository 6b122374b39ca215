"""Inline policies of users, groups and roles: names unique whatever their case."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from doorward.account.model import Group, InlinePolicy, Role, User
from doorward.catalog.quotas import policy_size
from doorward.services.call import Call
from doorward.services.iam import documents, find, shape
from doorward.services.iam.errors import LimitExceeded, NoSuchEntity
from doorward.services.iam.keys import boundary_of_holder
from doorward.services.iam.quotas import quota
from doorward.services.iam.targets import group_named, role_named, user_named
from doorward.services.paging import page
from doorward.services.registry import operation

H = TypeVar("H", User, Group, Role)


@operation("iam", on=user_named, keys=(boundary_of_holder,))
def put_user_policy(call: Call, *, user_name: str, policy_name: str, policy_document: str) -> None:
    """Give a user an inline policy, replacing the one of that name."""
    _put(call, find.user(call, user_name), policy_name, policy_document)


@operation("iam", on=group_named)
def put_group_policy(
    call: Call, *, group_name: str, policy_name: str, policy_document: str
) -> None:
    """Give a group an inline policy, replacing the one of that name."""
    _put(call, find.group(call, group_name), policy_name, policy_document)


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def put_role_policy(call: Call, *, role_name: str, policy_name: str, policy_document: str) -> None:
    """Give a role an inline policy, replacing the one of that name."""
    _put(call, find.changeable_role(call, role_name), policy_name, policy_document)


@operation("iam", on=user_named, reads=True)
def get_user_policy(call: Call, *, user_name: str, policy_name: str) -> dict[str, Any]:
    """Return an inline policy of a user."""
    user = find.user(call, user_name)
    return {"UserName": user.name, **_shown(user, policy_name)}


@operation("iam", on=group_named, reads=True)
def get_group_policy(call: Call, *, group_name: str, policy_name: str) -> dict[str, Any]:
    """Return an inline policy of a group."""
    group = find.group(call, group_name)
    return {"GroupName": group.name, **_shown(group, policy_name)}


@operation("iam", on=role_named, reads=True)
def get_role_policy(call: Call, *, role_name: str, policy_name: str) -> dict[str, Any]:
    """Return an inline policy of a role."""
    role = find.role(call, role_name)
    return {"RoleName": role.name, **_shown(role, policy_name)}


@operation("iam", on=user_named, reads=True)
def list_user_policies(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the names of a user's inline policies."""
    return _listed(call, find.user(call, user_name).inline, marker, max_items)


@operation("iam", on=group_named, reads=True)
def list_group_policies(
    call: Call, *, group_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the names of a group's inline policies."""
    return _listed(call, find.group(call, group_name).inline, marker, max_items)


@operation("iam", on=role_named, reads=True)
def list_role_policies(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the names of a role's inline policies."""
    return _listed(call, find.role(call, role_name).inline, marker, max_items)


@operation("iam", on=user_named, keys=(boundary_of_holder,))
def delete_user_policy(call: Call, *, user_name: str, policy_name: str) -> None:
    """Delete an inline policy of a user."""
    _delete(call, find.user(call, user_name), policy_name)


@operation("iam", on=group_named)
def delete_group_policy(call: Call, *, group_name: str, policy_name: str) -> None:
    """Delete an inline policy of a group."""
    _delete(call, find.group(call, group_name), policy_name)


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def delete_role_policy(call: Call, *, role_name: str, policy_name: str) -> None:
    """Delete an inline policy of a role."""
    _delete(call, find.changeable_role(call, role_name), policy_name)


def _put(call: Call, holder: H, name: str, text: str) -> None:
    documents.refuse_malformed(call, text)
    kept = {policy.name.lower(): policy for policy in holder.inline}
    # AWS: the first spelling of the name stays; recorded, policy_management.
    first = kept.get(name.lower(), InlinePolicy(name, text))
    kept[name.lower()] = first._replace(text=text)
    _refuse_oversized(call, holder, tuple(kept.values()))
    call.update(replace(holder, inline=tuple(kept.values())))


def _delete(call: Call, holder: H, name: str) -> None:
    gone = _policy(holder, name)
    call.update(replace(holder, inline=tuple(policy for policy in holder.inline if policy != gone)))


def _shown(holder: H, name: str) -> dict[str, str]:
    # AWS: the name comes back as it was asked for; recorded, policy_management.
    return {"PolicyName": name, "PolicyDocument": shape.document(_policy(holder, name).text)}


def _listed(
    call: Call, policies: Sequence[InlinePolicy], marker: str | None, max_items: int | None
) -> dict[str, Any]:
    names = sorted((policy.name for policy in policies), key=str.lower)
    shown, rest = page(call, names, str.lower, marker=marker, max_items=max_items)
    return {"PolicyNames": list(shown), **rest}


def _policy(holder: H, name: str) -> InlinePolicy:
    for policy in holder.inline:
        if policy.name.lower() == name.lower():
            return policy
    raise NoSuchEntity.inline_policy(_kind(holder), name)


def _refuse_oversized(call: Call, holder: H, policies: Sequence[InlinePolicy]) -> None:
    """Refuse more than the entity's inline policies may measure together."""
    most = quota(call, f"{type(holder).__name__}PolicySizeQuota")
    if sum(policy_size(policy.text) for policy in policies) > most:
        raise LimitExceeded.inline_size(most, _kind(holder), holder.name)


def _kind(holder: H) -> str:
    return type(holder).__name__.lower()
