"""The versions of managed policies: up to five, one of them in force."""

from dataclasses import replace
from typing import Any

from doorward.account.model import PolicyVersion
from doorward.services.call import Call
from doorward.services.iam import documents, find, shape, shape_policies
from doorward.services.iam.errors import DeleteConflict, LimitExceeded, NoSuchEntity
from doorward.services.iam.find import AnyPolicy, Missing
from doorward.services.iam.quotas import quota
from doorward.services.iam.targets import policy_of_arn
from doorward.services.paging import page
from doorward.services.registry import operation

_NEWEST = 10**9


@operation("iam", on=policy_of_arn)
def create_policy_version(
    call: Call, *, policy_arn: str, policy_document: str, set_as_default: bool = False
) -> dict[str, Any]:
    """Add a version to a policy, in force at once when asked."""
    policy = find.own_policy(call, policy_arn)
    documents.refuse_managed(call, policy_document)
    most = quota(call, "VersionsPerPolicyQuota")
    if len(policy.versions) >= most:
        raise LimitExceeded.policy_versions(most)
    version = PolicyVersion(f"v{policy.issued + 1}", policy_document, call.now)
    changed = replace(
        policy,
        versions=(*policy.versions, version),
        default=version.id if set_as_default else policy.default,
        issued=policy.issued + 1,
        updated=call.now,
    )
    call.update(changed)
    return {"PolicyVersion": shape_policies.version(changed, version)}


@operation("iam", on=policy_of_arn, reads=True)
def get_policy_version(call: Call, *, policy_arn: str, version_id: str) -> dict[str, Any]:
    """Return one version of a policy with its document."""
    policy = find.policy(call, policy_arn, _missing(version_id))
    version = _version(policy, policy_arn, version_id)
    return {
        "PolicyVersion": {
            "Document": shape.document(version.text),
            **shape_policies.version(policy, version),
        }
    }


@operation("iam", on=policy_of_arn, reads=True)
def list_policy_versions(
    call: Call, *, policy_arn: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the versions of a policy, the newest first."""
    policy = find.policy(call, policy_arn)
    versions = shape_policies.versions(policy)[::-1]
    shown, rest = page(call, versions, _place, marker=marker, max_items=max_items)
    return {"Versions": [shape_policies.version(policy, of) for of in shown], **rest}


@operation("iam", on=policy_of_arn)
def set_default_policy_version(call: Call, *, policy_arn: str, version_id: str) -> None:
    """Put another version of a policy in force wherever it is attached."""
    policy = find.own_policy(call, policy_arn, _missing(version_id))
    version = _version(policy, policy_arn, version_id)
    call.update(replace(policy, default=version.id))


@operation("iam", on=policy_of_arn)
def delete_policy_version(call: Call, *, policy_arn: str, version_id: str) -> None:
    """Delete a version that is not in force; its id is never used again."""
    policy = find.own_policy(call, policy_arn, _missing(version_id))
    version = _version(policy, policy_arn, version_id)
    if version.id == policy.default:
        raise DeleteConflict.default_version()
    left = tuple(of for of in policy.versions if of.id != version.id)
    call.update(replace(policy, versions=left))


def _missing(version_id: str) -> Missing:
    # AWS: who asks for a version is told of the version, even where there is no policy.
    return lambda arn: NoSuchEntity.policy_version(arn, version_id)


def _version(policy: AnyPolicy, arn: str, version_id: str) -> PolicyVersion:
    for version in shape_policies.versions(policy):
        if version.id == version_id:
            return version
    raise NoSuchEntity.policy_version(arn, version_id)


def _place(version: PolicyVersion) -> str:
    return f"{_NEWEST - int(version.id.removeprefix('v')):010}"
