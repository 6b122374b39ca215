"""Groups and policies to AWS's members."""

from typing import Any

from doorward.account.account import Account
from doorward.account.model import Group, ManagedPolicy, PolicyVersion
from doorward.catalog.managed_policies import ManagedPolicyFact
from doorward.services.iam import shape
from doorward.services.iam.find import AnyPolicy, is_attachable
from doorward.services.iam.policy_entities import Uses, uses_of


def group(account: Account, of: Group) -> dict[str, Any]:
    """Group."""
    return {
        "Path": of.path,
        "GroupName": of.name,
        "GroupId": of.group_id,
        "Arn": account.arn(of),
        "CreateDate": of.created,
    }


def arn(account: Account, of: AnyPolicy) -> str:
    """The ARN of a policy of the account or of AWS."""
    return of.arn if isinstance(of, ManagedPolicyFact) else account.arn(of)


def policy(account: Account, of: AnyPolicy) -> dict[str, Any]:
    """Policy as ListPolicies gives it: no description, no tags."""
    uses = uses_of(account, arn(account, of))
    return _policy(account, of, uses)


def new_policy(account: Account, of: ManagedPolicy) -> dict[str, Any]:
    """Policy as CreatePolicy gives it: its tags where it has some, no description."""
    return _policy(account, of, Uses()) | {"Tags": shape.tags(of.tags) or None}


def policy_in_full(account: Account, of: AnyPolicy) -> dict[str, Any]:
    """Policy as GetPolicy gives it."""
    if isinstance(of, ManagedPolicyFact):
        return policy(account, of) | {"Tags": []}
    return policy(account, of) | {"Description": of.description, "Tags": shape.tags(of.tags)}


def versions(of: AnyPolicy) -> tuple[PolicyVersion, ...]:
    """Every version we have, oldest first; of AWS's policies the one in force."""
    if isinstance(of, ManagedPolicyFact):
        return (PolicyVersion(of.version, of.document, of.updated),)
    return of.versions


def default_version(of: AnyPolicy) -> str:
    """The id of the version in force."""
    return of.version if isinstance(of, ManagedPolicyFact) else of.default


def version(policy: AnyPolicy, of: PolicyVersion) -> dict[str, Any]:
    """PolicyVersion as the lists and CreatePolicyVersion give it: no document."""
    return {
        "VersionId": of.id,
        "IsDefaultVersion": of.id == default_version(policy),
        "CreateDate": of.created,
    }


def _policy(account: Account, of: AnyPolicy, uses: Uses) -> dict[str, Any]:
    return {
        "PolicyName": of.name,
        "PolicyId": of.policy_id,
        "Arn": arn(account, of),
        "Path": of.path,
        "DefaultVersionId": default_version(of),
        "AttachmentCount": uses.attachments,
        "PermissionsBoundaryUsageCount": uses.boundaries,
        "IsAttachable": is_attachable(of),
        "CreateDate": of.created,
        "UpdateDate": of.updated,
    }
