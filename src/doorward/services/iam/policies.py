"""Managed policies and their tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.model import ManagedPolicy, PolicyVersion
from doorward.catalog import managed_policies
from doorward.services.call import Call
from doorward.services.iam import documents, find, shape, shape_policies
from doorward.services.iam.errors import DeleteConflict, EntityAlreadyExists
from doorward.services.iam.find import AnyPolicy
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.policy_entities import uses_of
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.iam.targets import new_policy, policies_under_path, policy_of_arn
from doorward.services.paging import page
from doorward.services.registry import operation


@operation("iam", on=new_policy, keys=(request_tags,))
def create_policy(
    call: Call,
    *,
    policy_name: str,
    policy_document: str,
    path: str = "/",
    description: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Create a customer managed policy; its first version is in force."""
    if call.account.policy_named(policy_name):
        raise EntityAlreadyExists.policy(policy_name)
    documents.refuse_managed(call, policy_document)
    refuse_over_quota(call, "PoliciesQuota", call.account.count(ManagedPolicy))
    policy = ManagedPolicy(
        name=policy_name,
        path=path,
        policy_id=call.new_id("ANPA"),
        created=call.now,
        updated=call.now,
        description=description,
        tags=tagged((), tags, case_matters=True),
        versions=(PolicyVersion("v1", policy_document, call.now),),
    )
    call.update(policy)
    return {"Policy": shape_policies.new_policy(call.account, policy)}


@operation("iam", on=policy_of_arn, reads=True)
def get_policy(call: Call, *, policy_arn: str) -> dict[str, Any]:
    """Return a managed policy without its document."""
    policy = find.policy(call, policy_arn)
    return {"Policy": shape_policies.policy_in_full(call.account, policy)}


@operation("iam", on=policies_under_path, reads=True)
def list_policies(
    call: Call,
    *,
    scope: str = "All",
    only_attached: bool = False,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the account's and AWS's managed policies, ordered by name."""
    found = _in_scope(call, scope)
    if path_prefix != "/":
        found = [policy for policy in found if policy.path.startswith(path_prefix)]
    if only_attached:
        # AWS: the usage filter counts here alone; recorded, policy_management.
        found = [policy for policy in found if _uses(call, policy, policy_usage_filter)]
    shown, rest = page(call, found, _place, marker=marker, max_items=max_items)
    return {"Policies": [shape_policies.policy(call.account, policy) for policy in shown], **rest}


@operation("iam", on=policy_of_arn)
def delete_policy(call: Call, *, policy_arn: str) -> None:
    """Delete a policy that is used nowhere and has but its default version."""
    policy = find.own_policy(call, policy_arn)
    if _uses(call, policy, None):
        raise DeleteConflict.policy_in_use()
    if len(policy.versions) > 1:
        raise DeleteConflict.policy_versions()
    call.account = call.account.drop(policy)


@operation("iam", on=policy_of_arn, keys=(request_tags,))
def tag_policy(call: Call, *, policy_arn: str, tags: Sequence[Mapping[str, str]]) -> None:
    """Add tags to a policy; keys that differ in case are two tags."""
    policy = find.own_policy(call, policy_arn)
    call.update(replace(policy, tags=retagged(policy.tags, tags, case_matters=True)))


@operation("iam", on=policy_of_arn, keys=(tag_keys_key,))
def untag_policy(call: Call, *, policy_arn: str, tag_keys: Sequence[str]) -> None:
    """Remove tags from a policy."""
    policy = find.own_policy(call, policy_arn)
    call.update(replace(policy, tags=untagged(policy.tags, tag_keys, case_matters=True)))


@operation("iam", on=policy_of_arn, reads=True)
def list_policy_tags(
    call: Call, *, policy_arn: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List a policy's tags, ordered by key; AWS's policies have none."""
    policy = find.policy(call, policy_arn)
    tags = sorted(policy.tags) if isinstance(policy, ManagedPolicy) else []
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}


def _in_scope(call: Call, scope: str) -> list[AnyPolicy]:
    # SPEED: AWS's policies are many, so their order is kept with the account's value.
    place = ("policies", scope)
    if place not in call.account.memo:
        call.account.memo[place] = sorted(_all(call, scope), key=_place)
    found: list[AnyPolicy] = call.account.memo[place]
    return found


def _all(call: Call, scope: str) -> list[AnyPolicy]:
    own = call.account.all(ManagedPolicy) if scope != "AWS" else []
    return [*own, *(managed_policies.facts() if scope != "Local" else ())]


def _uses(call: Call, policy: AnyPolicy, usage: str | None) -> int:
    return uses_of(call.account, shape_policies.arn(call.account, policy)).counted(usage)


def _place(policy: AnyPolicy) -> str:
    """A policy of the account may have the name of one of AWS's; it comes first."""
    return f"{policy.name.lower()} {not isinstance(policy, ManagedPolicy)}"
