"""iam:PassRole: who may hand any role to a service may do what any role may."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.grants import By, On, roles_for_any_service
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import Hit, check

_KINDS: Final = ("identity",)
_GIVEN: Final = ("iam:PassRole", "iam:PassedToService")


@check("PASS_ROLE_WITH_NOT_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def all_but_some_roles(statement: Statement) -> Iterator[Hit]:
    """iam:PassRole is allowed with NotResource."""
    yield from roles_for_any_service(statement, *_GIVEN, By.NAME, On.REST)


@check("PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def all_but_some_roles_by_wildcard(statement: Statement) -> Iterator[Hit]:
    """A wildcard action covers iam:PassRole, with NotResource."""
    yield from roles_for_any_service(statement, *_GIVEN, By.STAR, On.REST)


@check("PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def all_but_some_roles_by_rest(statement: Statement) -> Iterator[Hit]:
    """NotAction leaves iam:PassRole in, with NotResource."""
    yield from roles_for_any_service(statement, *_GIVEN, By.REST, On.REST)


@check("PASS_ROLE_WITH_STAR_IN_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def every_role(statement: Statement) -> Iterator[Hit]:
    """iam:PassRole is allowed on every role, to every service."""
    yield from roles_for_any_service(statement, *_GIVEN, By.NAME, On.STAR)


@check("PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", Severity.SECURITY_WARNING, kinds=_KINDS)
def every_role_by_wildcard(statement: Statement) -> Iterator[Hit]:
    """A wildcard action covers iam:PassRole, on every role."""
    yield from roles_for_any_service(statement, *_GIVEN, By.STAR, On.STAR)


@check("PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Severity.SECURITY_WARNING, kinds=_KINDS)
def every_role_by_rest(statement: Statement) -> Iterator[Hit]:
    """NotAction leaves iam:PassRole in, on every role."""
    yield from roles_for_any_service(statement, *_GIVEN, By.REST, On.STAR)
