"""Principal and NotPrincipal: who a statement names, and how closely it names the caller."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from doorward.policy.arn import Arn, without_path
from doorward.policy.fields import Names
from doorward.policy.request import Principal, PrincipalKind

NamedTest: TypeAlias = Callable[[Principal], int]

NOBODY: Final = 0
ACCOUNT: Final = 1
"""The caller's account is named."""
ENTITY: Final = 2
"""The role of the session is named, or the user behind a federated session."""
DIRECT: Final = 4
"""The caller itself is named, or everyone is."""

_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
_UNIQUE_ID: Final = re.compile(r"A(?:ID|RO)A[A-Z0-9]+")
_KNOWN: Final = frozenset({"*", "AWS", "Service", "Federated"})
_THROUGH_PROVIDER: Final = frozenset({PrincipalKind.WEB_IDENTITY, PrincipalKind.SAML})
_ROOTS: Final = frozenset({PrincipalKind.ROOT, PrincipalKind.ASSUMED_ROOT})
_OF_A_ROLE: Final = frozenset({PrincipalKind.SESSION, PrincipalKind.ROLE})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Named:
    """A Principal element taken apart.

    Attributes:
        everyone: `"*"` alone.
        every_aws: `{"AWS": "*"}`, which does not reach web-identity and SAML callers.
        accounts: 12 digits each.
        arns: Full ARNs of users, sessions and federated users.
        roles: ARNs of roles without their path.
        ids: Unique ids of users and roles.
        unknown: The first type nobody's callers can be compared with, such as CanonicalUser.
    """

    everyone: bool
    every_aws: bool
    accounts: frozenset[str]
    arns: frozenset[str]
    roles: frozenset[str]
    ids: frozenset[str]
    services: frozenset[str]
    providers: frozenset[str]
    unknown: str

    @classmethod
    def of(cls, names: Names) -> Self:
        """Sort the values of the element."""
        aws = names.get("AWS", ())
        arns = [arn for value in aws if (arn := Arn.parse(value))]
        roles = (str(arn) for arn in arns if arn.resource_type == "role" and arn.service == "iam")
        return cls(
            everyone="*" in names,
            every_aws="*" in aws,
            accounts=frozenset(_accounts(aws)),
            arns=frozenset(aws),
            roles=frozenset(without_path(role) for role in roles),
            ids=frozenset(value for value in aws if _UNIQUE_ID.fullmatch(value)),
            services=frozenset(value.lower() for value in names.get("Service", ())),
            providers=frozenset(names.get("Federated", ())),
            unknown=next((kind for kind in names if kind not in _KNOWN), ""),
        )

    def level(self, caller: Principal) -> int:
        """How closely the element names the caller: a sum of ACCOUNT, ENTITY and DIRECT."""
        if caller.kind in _THROUGH_PROVIDER:
            return DIRECT if self.everyone or caller.provider in self.providers else NOBODY
        found = DIRECT if self.everyone or self.every_aws else NOBODY
        if caller.kind is PrincipalKind.ANONYMOUS:
            return found
        if caller.kind is PrincipalKind.SERVICE:
            return DIRECT if caller.arn.lower() in self.services else found
        if caller.account in self.accounts:
            found |= ACCOUNT
        return found | self._own(caller) | self._entity(caller)

    def _own(self, caller: Principal) -> int:
        own = caller.kind is PrincipalKind.USER and caller.entity_id in self.ids
        listed = caller.kind is not PrincipalKind.ROLE and caller.arn in self.arns
        return DIRECT if own or listed else NOBODY

    def _entity(self, caller: Principal) -> int:
        if caller.kind in _OF_A_ROLE:
            return ENTITY if self._names_role(caller) else NOBODY
        if caller.kind is not PrincipalKind.FEDERATED_USER:
            return NOBODY
        behind = caller.entity_arn in self.arns or caller.entity_id in self.ids
        return ENTITY if behind else NOBODY

    def _names_role(self, caller: Principal) -> bool:
        role = caller.arn if caller.kind is PrincipalKind.ROLE else caller.entity_arn or ""
        return caller.entity_id in self.ids or without_path(role) in self.roles

    def exempts(self, caller: Principal) -> bool:
        """Whether a NotPrincipal with these names leaves the caller out.

        An account's root ARN exempts its root user only.
        """
        if self.everyone or self.every_aws:
            return True
        if caller.kind in _ROOTS:
            return caller.account in self.accounts
        if caller.kind in _OF_A_ROLE and self._names_role(caller):
            return True
        return bool(self._own(caller) or self.level(caller) & DIRECT)


def _accounts(values: tuple[str, ...]) -> Iterator[str]:
    for value in values:
        arn = Arn.parse(value)
        if arn and arn.resource == "root" and arn.service == "iam":
            yield arn.account
        elif _ACCOUNT_ID.fullmatch(value):
            yield value


def compile_principals(
    names: Mapping[str, tuple[str, ...]] | None,
    not_names: Mapping[str, tuple[str, ...]] | None,
    *,
    deny: bool,
    bounded: bool,
) -> tuple[NamedTest | None, str]:
    """The test of Principal or NotPrincipal, and the type in it that cannot be judged.

    Args:
        names: The Principal element.
        not_names: The NotPrincipal element.
        deny: Whether the statement is a Deny: then what cannot be judged applies.
        bounded: Whether the caller has a permissions boundary: a Deny with NotPrincipal then
            reaches it, whomever it lists.
    """
    if names is not None:
        found = Named.of(names)
        if found.unknown and deny:
            return None, found.unknown
        return (None if found.everyone else found.level), found.unknown
    if not_names is None or (deny and bounded):
        return None, ""
    spared = Named.of(not_names)
    if spared.unknown and not deny:
        return _nobody, spared.unknown
    return lambda caller: NOBODY if spared.exempts(caller) else DIRECT, spared.unknown


def _nobody(_: Principal) -> int:
    return NOBODY
