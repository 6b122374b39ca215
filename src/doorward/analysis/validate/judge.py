"""All checks over one document."""

from collections.abc import Iterator
from importlib import import_module
from typing import Final

from doorward.analysis.validate.arns import forms, is_open, split
from doorward.analysis.validate.errors.actions import is_service
from doorward.analysis.validate.errors.principals import is_service as may_be_service
from doorward.analysis.validate.errors.storing import CODE as STORING
from doorward.analysis.validate.finding import Finding, Severity
from doorward.analysis.validate.precedents import precedents
from doorward.analysis.validate.reading import Document, Statement
from doorward.analysis.validate.registry import ALL, CHECKS
from doorward.analysis.validate.syntax import odd_spaces, plain_spaces, unreadable
from doorward.catalog.principals import is_service_principal
from doorward.errors import PolicyError
from doorward.policy.document import KINDS

_MODULES: Final = (
    "errors.structure",
    "errors.statements",
    "errors.actions",
    "errors.resources",
    "errors.principals",
    "errors.trust",
    "errors.conditions",
    "errors.keys",
    "errors.values",
    "errors.variables",
    "errors.organizations",
    "errors.permissive",
    "errors.sizes",
    "errors.storing",
    "security.conditions",
    "security.mfa",
    "security.pass_role",
    "security.tags",
    "security.trust",
    "warnings.github",
    "warnings.mfa",
    "warnings.mismatch",
    "warnings.organizations",
    "warnings.service_linked_roles",
    "warnings.structure",
    "warnings.values",
    "suggestions.conditions",
    "suggestions.empty",
    "suggestions.reach",
    "suggestions.redundant",
)

# Each module enters its checks when it is imported.
for _name in _MODULES:
    import_module(f"doorward.analysis.validate.{_name}")


def findings(text: str, kind: str) -> tuple[Finding, ...]:
    """What the checks say about a document, in the order of its text.

    Args:
        text: JSON, or what is meant to be.
        kind: As in `Policy.parse`.

    Raises:
        PolicyError: there is no such kind of policy.
    """
    if kind not in KINDS:
        raise PolicyError(f'"{kind}" is not a kind of policy')
    try:
        document = Document.of(text, kind)
    except PolicyError as error:
        plain = plain_spaces(text)
        if plain != text:
            return (odd_spaces(text, ALL), *findings(plain, kind))
        return (unreadable(text, error, ALL),)
    found = [each for check in CHECKS.values() for each in check.findings(document)]
    if any(each.severity is Severity.ERROR and each.code != STORING for each in found):
        found = [each for each in found if each.code != STORING]
    return tuple(sorted(found, key=_by_place))


def gaps(text: str, kind: str) -> tuple[str, ...]:
    """What the catalogue knows nothing about, so that no check could judge it."""
    try:
        document = Document.of(text, kind)
    except PolicyError:
        return ()
    return tuple(sorted({gap for each in document.statements for gap in _gaps(each)}))


def _gaps(statement: Statement) -> Iterator[str]:
    for action in (*statement.actions, *statement.not_actions):
        service = action.text.partition(":")[0]
        # What AWS's own policies do not name either is an error, not a gap.
        if service != "*" and not is_service(service) and service.lower() in precedents().services:
            yield f"actions of {service}"
    for name in statement.principals:
        known = name.kind != "Service" or is_service_principal(name.text)
        if not known and may_be_service(name.text, "resource"):
            yield f"the service principal {name.text}"
    for resource in (*statement.resources, *statement.not_resources):
        arn = split(resource.text)
        if arn and arn.service and not is_open(arn.service) and not forms(arn.service):
            yield f"resources of {arn.service}"


def _by_place(finding: Finding) -> tuple[int, str]:
    return finding.span.start.offset, finding.code


def kind_guess(text: str) -> str:
    """The kind of policy a document seems to be: trust, resource or identity."""
    try:
        document = Document.of(plain_spaces(text), "identity")
    except PolicyError:
        return "identity"
    named = [
        each for each in document.statements if each.has("Principal") or each.has("NotPrincipal")
    ]
    if not named:
        return "identity"
    assumes = any(
        action.text.lower().startswith("sts:assume") for each in named for action in each.actions
    )
    return "trust" if assumes else "resource"
