"""AWS Identity and Access Management, version 2010-05-08."""

from doorward.services.iam import (
    access_keys,
    attachments,
    boundaries,
    group_members,
    groups,
    inline_policies,
    policies,
    policy_entities,
    policy_versions,
    users,
)

__all__ = [
    "access_keys",
    "attachments",
    "boundaries",
    "group_members",
    "groups",
    "inline_policies",
    "policies",
    "policy_entities",
    "policy_versions",
    "users",
]
