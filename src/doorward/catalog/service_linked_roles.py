"""Service-linked roles: what CreateServiceLinkedRole makes for each service.

Source: per row in tools/catalog_sources/service_linked_roles.tsv. Services that AWS managed
policies let create a role but whose role no source names get a name by rule, and no policy:
`AWSServiceRoleFor` and the principal's labels from right to left, each word capitalised.
"""

from __future__ import annotations

from dataclasses import dataclass

from doorward.catalog.pack import rows

_SUFFIX = ".amazonaws.com"
_POLICY = "arn:aws:iam::aws:policy/aws-service-role/"


@dataclass(frozen=True, slots=True)
class ServiceLinkedRole:
    """The role one service owns; its path is `/aws-service-role/PRINCIPAL/`.

    Without `policy_arn` no source says which policy AWS attaches. `suffix_allowed` is true only
    where a source says so: a suffix makes `ROLENAME_SUFFIX`.
    """

    principal: str
    role_name: str
    policy_arn: str | None
    suffix_allowed: bool


def service_linked_role(principal: str) -> ServiceLinkedRole | None:
    """Look up the role of a service principal; None when the service has none, as far as known.

    AWS: principals are case-sensitive here (API reference, CreateServiceLinkedRole).
    """
    if not principal.endswith(_SUFFIX):
        return None
    row = rows("reference", "service_linked_roles").get(principal.removesuffix(_SUFFIX))
    if row is None:
        return None
    role_name, policy, suffix_allowed = row
    arn = f"{_POLICY}{policy}" if policy else None
    return ServiceLinkedRole(principal, role_name, arn, suffix_allowed)
