"""Principals: their types, their form, and where which kind may stand."""

import re
from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.likeness import nearest
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import At, Named, Statement
from doorward.analysis.validate.registry import RCP, RESOURCE, TRUST, Hit, check
from doorward.catalog.principals import is_service_principal
from doorward.policy.source import Members

TYPES: Final = ("AWS", "CanonicalUser", "Federated", "Service")
_SERVICE: Final = re.compile(r"(?:[a-z0-9][a-z0-9-]*+\.)+amazonaws\.(?:com|com\.cn|eu)")
_ELEMENTS: Final = ("Principal", "NotPrincipal")


def named(statement: Statement) -> tuple[Named, ...]:
    """Everybody the statement names."""
    return (*statement.principals, *statement.not_principals)


def _elements(statement: Statement) -> Iterator[At]:
    for name in _ELEMENTS:
        element = statement.element(name)
        if element:
            yield element


@check("INVALID_PRINCIPAL_FORMAT", Severity.ERROR, kinds=(*RESOURCE, *TRUST, *RCP))
def principal_without_type(statement: Statement) -> Iterator[Hit]:
    """A principal stands under its type, as in `{"AWS": "…"}`; only `*` stands alone."""
    for element in _elements(statement):
        if element.text == "*" or isinstance(element.node.value, Members):
            continue
        text = element.text
        shown = f'"{text[:60]}"' if text is not None else "This"
        yield Hit(element, f'{shown} stands under no type, such as "AWS" or "Service".')


@check("INVALID_PRINCIPAL_KEY", Severity.ERROR, kinds=(*RESOURCE, *TRUST, *RCP))
def unknown_principal_type(statement: Statement) -> Iterator[Hit]:
    """A type of principal is AWS, CanonicalUser, Federated or Service."""
    for element in _elements(statement):
        for member in element.members:
            if member.name in TYPES:
                continue
            at = statement.document.name(member.name, member.at, (*element.path, member.name))
            meant = nearest(member.name, TYPES)
            fixes = (instead(f"write {meant}", at, meant),) if meant else ()
            yield Hit(at, f'"{member.name[:40]}" is no type of principal.', fixes)


@check("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Severity.ERROR, kinds=(*RESOURCE, *TRUST, *RCP))
def wildcard_in_principal(statement: Statement) -> Iterator[Hit]:
    """`*` stands for everybody or is not there: no part of a principal may be left open."""
    for name in named(statement):
        whole = name.text == "*" and name.kind in {"*", "AWS"}
        if not whole and name.kind in {*TYPES, "*"} and {"*", "?"} & set(name.text):
            message = (
                f'"{name.text[:60]}" names nobody: wildcards do not work inside a principal. '
                "Name the account and narrow it with a condition on aws:PrincipalArn."
            )
            yield Hit(name.at, message)


@check("INVALID_SERVICE_PRINCIPAL_FORMAT", Severity.ERROR, kinds=(*RESOURCE, *TRUST))
def malformed_service(statement: Statement) -> Iterator[Hit]:
    """A service principal is written `service.amazonaws.com`, and names a service there is."""
    for name in named(statement):
        if name.kind != "Service" or {"*", "?"} & set(name.text) or "${" in name.text:
            continue
        if not is_service(name.text, statement.document.kind):
            yield Hit(name.at, f'"{name.text[:60]}" is no service principal.')


def is_service(name: str, kind: str) -> bool:
    """Whether a service may go by this name; AWS publishes no full list.

    In a trust policy it is one that is known: AWS refuses to store any other there.
    """
    known = is_service_principal(name.lower())
    return known or (kind != "trust" and _SERVICE.fullmatch(name) is not None)


@check("FEDERATED_PRINCIPAL_NOT_SUPPORTED", Severity.ERROR, kinds=(*RESOURCE, *RCP))
def federated_outside_trust(statement: Statement) -> Iterator[Hit]:
    """Identity providers are named in the trust policies of roles, nowhere else."""
    for name in named(statement):
        if name.kind == "Federated":
            yield Hit(name.at, "A Federated principal stands in trust policies only.")
