"""Which organization policies have a say in a request, before the engine sees them.

The engine takes levels as given. Here is decided, once for SCPs and once for RCPs, whether they
apply at all: every exemption is a row of data with its source.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from doorward.policy import Attached, PrincipalKind, Request
from doorward.policy.rcp import RCP_SERVICES

Levels = tuple[tuple[Attached, ...], ...]
"""From the organization's root to the account; each holds what is attached there itself."""


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's place in an organization.

    Attributes:
        account: Twelve digits.
        management_account: Twelve digits; the account itself, where it is that one.
    """

    organization_id: str
    account: str
    management_account: str

    @property
    def is_management(self) -> bool:
        """It is the management account, which no guardrail binds."""
        return self.account == self.management_account


@dataclass(frozen=True, slots=True)
class Exemption:
    """A sort of request that organization policies of one type leave alone."""

    name: str
    covers: Callable[[Request], bool]
    source: str


_OUTSIDERS: Final = frozenset(
    {
        PrincipalKind.SERVICE,
        PrincipalKind.WEB_IDENTITY,
        PrincipalKind.SAML,
        PrincipalKind.ANONYMOUS,
    }
)
# INVARIANT: nobody can make a role under this path but a service, or anybody could escape. A
# session is therefore known by its role's full ARN; its own ARN has no path and exempts nobody.
_SERVICE_LINKED: Final = re.compile(r"arn:[^:]*+:iam::[^:]*+:role/aws-service-role/")
_AWS_ALIAS: Final = re.compile(r"arn:[^:]*+:kms:[^:]*+:[^:]*+:alias/aws/")

_SUPPORT_PLAN: Final = frozenset(
    {"supportplans:createsupportplanschedule", "supportplans:startsupportplanupdate"}
)
_REVERSE_DNS: Final = frozenset({"ec2:modifyaddressattribute", "ec2:resetaddressattribute"})

_SCP_GUIDE: Final = "AWS Organizations, Service control policies"
_RCP_GUIDE: Final = "AWS Organizations, Resource control policies"


def _is_outsider(request: Request) -> bool:
    return request.principal.kind in _OUTSIDERS


def _is_service_linked_role(request: Request) -> bool:
    role = request.principal.entity_arn
    return role is not None and _SERVICE_LINKED.match(role) is not None


def _is_root_on_support_plan(request: Request) -> bool:
    return request.principal.kind is PrincipalKind.ROOT and request.folded in _SUPPORT_PLAN


def _is_root_on_reverse_dns(request: Request) -> bool:
    return request.principal.kind is PrincipalKind.ROOT and request.folded in _REVERSE_DNS


def _is_mechanical_turk(request: Request) -> bool:
    return request.folded.startswith("mechanicalturk:")


SCP_EXEMPTIONS: Final = (
    Exemption("no principal of an account", _is_outsider, _SCP_GUIDE),
    Exemption("service-linked role", _is_service_linked_role, _SCP_GUIDE),
    Exemption("root user, support plan", _is_root_on_support_plan, _SCP_GUIDE),
    Exemption("root user, reverse DNS of an EC2 address", _is_root_on_reverse_dns, _SCP_GUIDE),
    Exemption("Mechanical Turk", _is_mechanical_turk, _SCP_GUIDE),
)
"""Beside these the guide names CloudFront's trusted signers and reverse DNS for Lightsail's mail,
which no API call decides, and services that no longer have actions (Alexa, Product Marketing)."""


def _is_unscoped(request: Request) -> bool:
    # AWS: recorded 2026-09: an ARN with an empty last part (sqs:ListQueues) is in reach.
    return request.resource == "*"


def _is_of_other_service(request: Request) -> bool:
    return request.folded.partition(":")[0] not in RCP_SERVICES


def _is_assuming_service_linked_role(request: Request) -> bool:
    service = request.principal.kind is PrincipalKind.SERVICE
    return service and _SERVICE_LINKED.match(request.resource) is not None


def _is_retire_grant(request: Request) -> bool:
    return request.folded == "kms:retiregrant"


def _is_aws_managed_key(request: Request) -> bool:
    if not request.folded.startswith("kms:"):
        return False
    given = request.context.get("kms:resourcealiases", ())
    aliases = (given,) if isinstance(given, str) else given
    of_aws = any(alias.startswith("alias/aws/") for alias in aliases)
    return of_aws or _AWS_ALIAS.match(request.resource) is not None


RCP_EXEMPTIONS: Final = (
    Exemption("action without a resource", _is_unscoped, f"{_RCP_GUIDE}; recorded 2026-09"),
    Exemption("service off the list", _is_of_other_service, _RCP_GUIDE),
    Exemption("service-linked role", _is_service_linked_role, _RCP_GUIDE),
    Exemption(
        "service assuming its service-linked role", _is_assuming_service_linked_role, _RCP_GUIDE
    ),
    Exemption("kms:RetireGrant", _is_retire_grant, f"{_RCP_GUIDE}; recorded 2026-09"),
    Exemption("AWS managed KMS key", _is_aws_managed_key, _RCP_GUIDE),
)
"""A key's ARN does not tell who manages it: its alias does, or `kms:ResourceAliases`."""


def scp_applies(request: Request, callers: Membership | None) -> bool:
    """Whether service control policies have a say; `callers` is the place of the caller's account.

    None is an account in no organization. The resource's account never matters.
    """
    return _bound(callers) and not any(each.covers(request) for each in SCP_EXEMPTIONS)


def rcp_applies(request: Request, owners: Membership | None) -> bool:
    """Whether resource control policies have a say; `owners` is the place of the owner's account.

    They bind whoever calls: outsiders, root users, services and anonymous callers too.
    """
    return _bound(owners) and not any(each.covers(request) for each in RCP_EXEMPTIONS)


def scp_levels(request: Request, callers: Membership | None, levels: Levels) -> Levels:
    """The levels to hand to the engine: all of them, or none where SCPs do not apply."""
    return levels if scp_applies(request, callers) else ()


def rcp_levels(request: Request, owners: Membership | None, levels: Levels) -> Levels:
    """The levels to hand to the engine: all of them, or none where RCPs do not apply."""
    return levels if rcp_applies(request, owners) else ()


def _bound(place: Membership | None) -> bool:
    return place is not None and not place.is_management
