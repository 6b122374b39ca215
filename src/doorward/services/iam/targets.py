"""What each IAM operation acts on: the ARN its decision is about.

A named entity that exists is authorised on its stored ARN, whatever case it was asked in; one
that does not exist on the ARN it would have at the path `/`. A creation is authorised on the path
asked for. Source: recorded answers, resource_authorization.
"""

from doorward.authn.caller import CallerKind
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
    return _under(call, "user", params)


def owner_of_key(call: Call, params: Params) -> Target:
    """The user who has the access key, whatever `UserName` says."""
    owner = call.account.by_id(params["access_key_id"])
    return Target(call.account.arn(owner)) if owner else Target("*")


def _user(call: Call, name: str) -> Target:
    found = call.account.user(name)
    if found is None:
        return _new(call, "user", "/", name)
    return Target(call.account.arn(found), tags=found.tags)


def _new(call: Call, kind: str, path: str, name: str) -> Target:
    return Target(f"arn:aws:iam::{call.account.id}:{kind}{path}{name}")


def _under(call: Call, kind: str, params: Params) -> Target:
    prefix = params.get("path_prefix", "/")
    return Target(f"arn:aws:iam::{call.account.id}:{kind}{prefix}*".replace("**", "*"))


__all__ = ["On", "new_user", "owner_of_key", "user_named", "user_or_self", "users_under_path"]
