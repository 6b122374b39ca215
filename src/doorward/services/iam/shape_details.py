"""Users, groups, roles and policies as GetAccountAuthorizationDetails gives them."""

from collections.abc import Iterable
from typing import Any

from doorward.account.account import Account
from doorward.account.model import Group, InlinePolicy, InstanceProfile, ManagedPolicy, Role, User
from doorward.services.call import Call
from doorward.services.iam import shape, shape_policies, shape_roles, trust
from doorward.services.iam.find import AnyPolicy


def user(call: Call, of: User) -> dict[str, Any]:
    """UserDetail; AWS leaves the list of inline policies out where there are none."""
    return {
        "Path": of.path,
        "UserName": of.name,
        "UserId": of.user_id,
        "Arn": call.account.arn(of),
        "CreateDate": of.created,
        "UserPolicyList": _inline(of.inline) or None,
        "GroupList": list(of.groups),
        "AttachedManagedPolicies": _attached(of.attached),
        "PermissionsBoundary": shape.boundary(of.boundary),
        "Tags": shape.tags(of.tags),
    }


def group(call: Call, of: Group) -> dict[str, Any]:
    """GroupDetail."""
    return {
        "Path": of.path,
        "GroupName": of.name,
        "GroupId": of.group_id,
        "Arn": call.account.arn(of),
        "CreateDate": of.created,
        "GroupPolicyList": _inline(of.inline),
        "AttachedManagedPolicies": _attached(of.attached),
    }


def role(call: Call, of: Role) -> dict[str, Any]:
    """RoleDetail: no description, no duration."""
    return {
        "Path": of.path,
        "RoleName": of.name,
        "RoleId": of.role_id,
        "Arn": call.account.arn(of),
        "CreateDate": of.created,
        "AssumeRolePolicyDocument": shape.document(trust.shown(call, of)),
        "InstanceProfileList": _instance_profiles(call, of),
        "RolePolicyList": _inline(of.inline),
        "AttachedManagedPolicies": _attached(of.attached),
        "PermissionsBoundary": shape.boundary(of.boundary),
        "Tags": shape.tags(of.tags),
        "RoleLastUsed": shape_roles.last_used(call, of),
    }


def policy(account: Account, of: AnyPolicy) -> dict[str, Any]:
    """ManagedPolicyDetail with every version we have."""
    versions = [
        shape_policies.version(of, version) | {"Document": shape.document(version.text)}
        for version in reversed(shape_policies.versions(of))
    ]
    return shape_policies.policy(account, of) | {
        "Description": of.description if isinstance(of, ManagedPolicy) else None,
        "PolicyVersionList": versions,
    }


def _inline(policies: Iterable[InlinePolicy]) -> list[dict[str, str]]:
    return [
        {"PolicyName": policy.name, "PolicyDocument": shape.document(policy.text)}
        for policy in policies
    ]


def _attached(arns: Iterable[str]) -> list[dict[str, str]]:
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def _instance_profiles(call: Call, of: Role) -> list[dict[str, Any]]:
    profiles = call.account.all(InstanceProfile)
    return [
        shape_roles.instance_profile(call, profile)
        for profile in profiles
        if profile.role == of.name
    ]
