"""iam:PassRole: who may hand any role to a service may do what any role may."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.grants import By, On, asks, named_by, on_too_much
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import Hit, check

_KINDS: Final = ("identity",)


def _passes(statement: Statement, by: By, on: On) -> Iterator[Hit]:
    if not statement.allows or asks(statement, "iam:passedtoservice"):
        return
    if named_by(statement, "iam:PassRole") is by and on_too_much(statement, "role/") is on:
        element = statement.element("Resource") or statement.element("NotResource")
        message = (
            f"iam:PassRole is allowed {by.value}, {on.value}: name the roles, "
            "and the service with a condition on iam:PassedToService."
        )
        yield Hit(element or statement.at, message)


@check("PASS_ROLE_WITH_NOT_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def all_but_some_roles(statement: Statement) -> Iterator[Hit]:
    """iam:PassRole is allowed with NotResource."""
    yield from _passes(statement, By.NAME, On.REST)


@check("PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def all_but_some_roles_by_wildcard(statement: Statement) -> Iterator[Hit]:
    """A wildcard action covers iam:PassRole, with NotResource."""
    yield from _passes(statement, By.STAR, On.REST)


@check("PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def all_but_some_roles_by_rest(statement: Statement) -> Iterator[Hit]:
    """NotAction leaves iam:PassRole in, with NotResource."""
    yield from _passes(statement, By.REST, On.REST)


@check("PASS_ROLE_WITH_STAR_IN_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def every_role(statement: Statement) -> Iterator[Hit]:
    """iam:PassRole is allowed on every role, to every service."""
    yield from _passes(statement, By.NAME, On.STAR)


@check("PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def every_role_by_wildcard(statement: Statement) -> Iterator[Hit]:
    """A wildcard action covers iam:PassRole, on every role."""
    yield from _passes(statement, By.STAR, On.STAR)


@check("PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Severity.SECURITY_WARNING, kinds=_KINDS)
def every_role_by_rest(statement: Statement) -> Iterator[Hit]:
    """NotAction leaves iam:PassRole in, on every role."""
    yield from _passes(statement, By.REST, On.STAR)
