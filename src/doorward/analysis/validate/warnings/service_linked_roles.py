"""iam:CreateServiceLinkedRole: a service-linked role has what its service asks for."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.grants import By, On, asks, named_by, on_too_much
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import Hit, check

_KINDS: Final = ("identity",)


def _creates(statement: Statement, by: By, on: On) -> Iterator[Hit]:
    if not statement.allows or asks(statement, "iam:awsservicename"):
        return
    if (
        named_by(statement, "iam:CreateServiceLinkedRole") is by
        and on_too_much(statement, "role/") is on
    ):
        element = statement.element("Resource") or statement.element("NotResource")
        message = (
            f"iam:CreateServiceLinkedRole is allowed {by.value}, {on.value}: name the roles, "
            "and the service with a condition on iam:AWSServiceName."
        )
        yield Hit(element or statement.at, message)


@check("CREATE_SLR_WITH_NOT_RESOURCE", Severity.WARNING, kinds=_KINDS)
def all_but_some_roles(statement: Statement) -> Iterator[Hit]:
    """iam:CreateServiceLinkedRole is allowed with NotResource."""
    yield from _creates(statement, By.NAME, On.REST)


@check("CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Severity.WARNING, kinds=_KINDS)
def all_but_some_roles_by_wildcard(statement: Statement) -> Iterator[Hit]:
    """A wildcard action covers iam:CreateServiceLinkedRole, with NotResource."""
    yield from _creates(statement, By.STAR, On.REST)


@check("CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", Severity.WARNING, kinds=_KINDS)
def all_but_some_roles_by_rest(statement: Statement) -> Iterator[Hit]:
    """NotAction leaves iam:CreateServiceLinkedRole in, with NotResource."""
    yield from _creates(statement, By.REST, On.REST)


@check("CREATE_SLR_WITH_STAR_IN_RESOURCE", Severity.WARNING, kinds=_KINDS)
def every_role(statement: Statement) -> Iterator[Hit]:
    """iam:CreateServiceLinkedRole is allowed on every role, to every service."""
    yield from _creates(statement, By.NAME, On.STAR)


@check("CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", Severity.WARNING, kinds=_KINDS)
def every_role_by_wildcard(statement: Statement) -> Iterator[Hit]:
    """A wildcard action covers iam:CreateServiceLinkedRole, on every role."""
    yield from _creates(statement, By.STAR, On.STAR)


@check("CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Severity.WARNING, kinds=_KINDS)
def every_role_by_rest(statement: Statement) -> Iterator[Hit]:
    """NotAction leaves iam:CreateServiceLinkedRole in, on every role."""
    yield from _creates(statement, By.REST, On.STAR)
