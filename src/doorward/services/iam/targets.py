"""What each IAM operation acts on: the ARN its decision is about.

A named entity that exists is authorised on its stored ARN, whatever case it was asked in; one
that does not exist on the ARN it would have at the path `/`. A creation is authorised on the path
asked for. Source: recorded answers, resource_authorization.
"""

from dataclasses import replace

from doorward.account.caller import CallerKind
from doorward.account.model import User
from doorward.services.call import Call
from doorward.services.registry import On, Params, Target


def user_named(call: Call, params: Params) -> Target:
    """The user of `UserName`."""
    return _user(call, params["user_name"])


def user_or_self(call: Call, params: Params) -> Target:
    """The user of `UserName`, or the caller."""
    name = params.get("user_name")
    if name is not None:
        return _user(call, name)
    if call.caller.kind is CallerKind.USER:
        return _user(call, call.caller.name)
    return Target(call.caller.arn)


def new_user(_call: Call, params: Params) -> Target:
    """The user about to be made."""
    return _new(_call, "user", params.get("path", "/"), params["user_name"])


def users_under_path(call: Call, params: Params) -> Target:
    """Every user under `PathPrefix`."""
    return under_path(call, "user", params)


def owner_of_key(call: Call, params: Params) -> Target:
    """The user who has the access key, whatever `UserName` says."""
    owner = call.account.by_id(params["access_key_id"])
    if owner is None:
        return Target("*")
    tags = owner.tags if isinstance(owner, User) else ()
    return Target(call.account.arn(owner), tags=tags)


def role_named(call: Call, params: Params) -> Target:
    """The role of `RoleName`."""
    name = params["role_name"]
    found = call.account.role(name)
    if found is None:
        return replace(_new(call, "role", "/", name), text=f"role {name}")
    return Target(call.account.arn(found), tags=found.tags, text=f"role {found.name}")


def group_named(call: Call, params: Params) -> Target:
    """The group of `GroupName`."""
    name = params["group_name"]
    found = call.account.group(name)
    if found is None:
        return replace(_new(call, "group", "/", name), text=f"group {name}")
    return Target(call.account.arn(found), text=f"group {found.name}")


def new_group(call: Call, params: Params) -> Target:
    """The group about to be made."""
    return _new(call, "group", params.get("path", "/"), params["group_name"])


def groups_under_path(call: Call, params: Params) -> Target:
    """Every group under `PathPrefix`."""
    return under_path(call, "group", params)


def policy_of_arn(call: Call, params: Params) -> Target:
    """The managed policy of `PolicyArn`."""
    arn = params["policy_arn"]
    found = call.account.policy(arn)
    return Target(arn, tags=found.tags if found else (), text=f"policy {arn}")


def new_policy(call: Call, params: Params) -> Target:
    """The customer managed policy about to be made."""
    name = params["policy_name"]
    return replace(_new(call, "policy", params.get("path", "/"), name), text=f"policy {name}")


def policies_under_path(call: Call, params: Params) -> Target:
    """Every managed policy under `PathPrefix`."""
    path = params.get("path_prefix", "/")
    return replace(under_path(call, "policy", params), text=f"policy path {path}")


def _user(call: Call, name: str) -> Target:
    found = call.account.user(name)
    if found is None:
        return replace(_new(call, "user", "/", name), text=f"user {name}")
    return Target(call.account.arn(found), tags=found.tags, text=f"user {found.name}")


def _new(call: Call, kind: str, path: str, name: str) -> Target:
    return Target(f"arn:aws:iam::{call.account.id}:{kind}{path}{name}")


def under_path(call: Call, kind: str, params: Params) -> Target:
    """The entities of a kind under `PathPrefix`; AWS names them by the bare path."""
    return Target(f"arn:aws:iam::{call.account.id}:{kind}{params.get('path_prefix', '/')}")


__all__ = [
    "On",
    "group_named",
    "groups_under_path",
    "new_group",
    "new_policy",
    "new_user",
    "owner_of_key",
    "policies_under_path",
    "policy_of_arn",
    "role_named",
    "under_path",
    "user_named",
    "user_or_self",
    "users_under_path",
]
