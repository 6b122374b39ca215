"""Roles and instance profiles to AWS's members: which operation shows what was recorded."""

from typing import Any

from doorward.account.model import InstanceProfile, Role
from doorward.services.call import Call
from doorward.services.iam import shape, trust


def role(call: Call, of: Role) -> dict[str, Any]:
    """Role as instance profiles carry it."""
    return _role(call, of, trust.shown(call, of))


def created(call: Call, of: Role, document: str) -> dict[str, Any]:
    """Role as CreateRole gives it: the document as it was sent, no description or duration."""
    return _role(call, of, document) | _boundary_and_tags(of)


def listed(call: Call, of: Role) -> dict[str, Any]:
    """Role as ListRoles gives it."""
    return role(call, of) | {
        "Description": of.description,
        "MaxSessionDuration": of.max_session_s,
    }


def described(call: Call, of: Role) -> dict[str, Any]:
    """Role as UpdateRoleDescription gives it."""
    return role(call, of) | {"Description": of.description}


def in_full(call: Call, of: Role) -> dict[str, Any]:
    """Role as GetRole gives it."""
    return listed(call, of) | _boundary_and_tags(of) | {"RoleLastUsed": last_used(call, of)}


def last_used(call: Call, of: Role) -> dict[str, Any]:
    """RoleLastUsed; empty for a role never used."""
    use = call.last_use(of.role_id)
    return {"LastUsedDate": use.at, "Region": use.region} if use else {}


def instance_profile(call: Call, of: InstanceProfile) -> dict[str, Any]:
    """InstanceProfile as the lists give it: no tags."""
    held = call.account.role(of.role) if of.role else None
    return {
        "Path": of.path,
        "InstanceProfileName": of.name,
        "InstanceProfileId": of.profile_id,
        "Arn": call.account.arn(of),
        "CreateDate": of.created,
        "Roles": [role(call, held)] if held else [],
    }


def _role(call: Call, of: Role, document: str) -> dict[str, Any]:
    return {
        "Path": of.path,
        "RoleName": of.name,
        "RoleId": of.role_id,
        "Arn": call.account.arn(of),
        "CreateDate": of.created,
        "AssumeRolePolicyDocument": shape.document(document),
    }


def _boundary_and_tags(of: Role) -> dict[str, Any]:
    return {
        "PermissionsBoundary": shape.boundary(of.boundary),
        "Tags": shape.tags(of.tags) or None,
    }
