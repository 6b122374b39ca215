"""Resource control policies that stop AWS's own services."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.grants import asks
from doorward.analysis.validate.reading import Condition, Statement
from doorward.analysis.validate.registry import RCP, Hit, check

_SERVICE: Final = "aws:principalisawsservice"
_CALLERS: Final = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")
_SOURCES: Final = ("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn")


def _asked(statement: Statement, keys: tuple[str, ...]) -> Iterator[Condition]:
    """The conditions over these keys that a request without the key meets."""
    for condition in statement.conditions:
        if statement.denies and condition.name in keys and condition.negated:
            yield condition


@check("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", Severity.WARNING, kinds=RCP)
def services_are_no_members(statement: Statement) -> Iterator[Hit]:
    """A Deny of all but one's own principals denies AWS's services too, if they are not let off."""
    for condition in _asked(statement, _CALLERS):
        if not asks(statement, _SERVICE):
            message = "AWS services are denied as well: add BoolIfExists aws:PrincipalIsAWSService."
            yield Hit(condition.key, message)


@check("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", Severity.WARNING, kinds=RCP)
def sources_of_services_only(statement: Statement) -> Iterator[Hit]:
    """A key about what a service acts for says nothing of callers that are no service."""
    for condition in _asked(statement, _SOURCES):
        if not asks(statement, _SERVICE):
            message = (
                "Only services carry this key: narrow the Deny to them with "
                "BoolIfExists aws:PrincipalIsAWSService true."
            )
            yield Hit(condition.key, message)


@check("RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", Severity.WARNING, kinds=RCP)
def sources_not_always_there(statement: Statement) -> Iterator[Hit]:
    """A service that acts for no resource carries no source key, and is denied."""
    checked = any(each.base == "null" and each.name in _SOURCES for each in statement.conditions)
    for condition in _asked(statement, _SOURCES):
        if not checked:
            message = "Services that act for no resource are denied: add Null aws:SourceAccount."
            yield Hit(condition.key, message)
