"""A statement as one closure over the request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from doorward.policy.conditions import compile_condition
from doorward.policy.conditions.block import Test
from doorward.policy.document import NAMING, Statement
from doorward.policy.principals import DIRECT, NOBODY, NamedTest, compile_principals
from doorward.policy.request import Request
from doorward.policy.resources import ResourceTest, compile_resources
from doorward.policy.variables import Values

Applies: TypeAlias = Callable[[Request], int]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rule:
    """A compiled statement; its action is already known to match.

    Attributes:
        applies: 0, or how closely the statement names the caller (`principals`); in kinds without
            principals any other number, or `True`.
        doubt: What in the statement could not be evaluated; else empty.
    """

    statement: Statement
    applies: Applies
    doubt: str


def rule(statement: Statement, *, bounded: bool = False) -> Rule:
    """The rule of a statement, made once."""
    made: Rule | None = statement.derived.get("bounded" if bounded else "rule")
    if made is None:
        made = _compile(statement, bounded=bounded)
        statement.derived["bounded" if bounded else "rule"] = made
    return made


def _compile(statement: Statement, *, bounded: bool) -> Rule:
    deny = statement.is_deny
    named, unnamed = compile_principals(
        statement.principals, statement.not_principals, deny=deny, bounded=bounded
    )
    tests, unknown = _conditions(statement)
    doubt = statement.fault
    if unnamed:
        doubt = f"could not evaluate principal type {unnamed}"
    if unknown:
        doubt = f"could not evaluate operator {unknown}"
    if unknown and not deny:
        return Rule(statement, _never, doubt)
    applies = _compose(compile_resources(statement), tests)
    if statement.kind in NAMING:
        applies = _naming(applies, named)
    return Rule(statement, applies, doubt)


def _conditions(statement: Statement) -> tuple[tuple[Test, ...], str]:
    """The tests, and the first operator that is unknown."""
    tests: list[Test] = []
    unknown = ""
    for condition in statement.conditions:
        test = compile_condition(condition, statement.version, deny=statement.is_deny)
        if test is None:
            unknown = unknown or condition.operator
        else:
            tests.append(test)
    return tuple(tests), unknown


def _always(_: Request) -> int:
    return DIRECT


def _never(_: Request) -> int:
    return NOBODY


def _compose(resources: ResourceTest | None, tests: tuple[Test, ...]) -> Applies:
    """One closure for what the statement really asks."""
    if not tests:
        return _always if resources is None else resources
    holds = tests[0] if len(tests) == 1 else _all(tests)
    if resources is None:
        return lambda request: DIRECT if holds(request.context) else NOBODY
    return lambda request: DIRECT if resources(request) and holds(request.context) else NOBODY


def _naming(applies: Applies, named: NamedTest | None) -> Applies:
    """Say how closely the caller is named; everyone is, without a test."""
    if named is None:
        return lambda request: DIRECT if applies(request) else NOBODY
    return lambda request: named(request.principal) if applies(request) else NOBODY


def _all(tests: tuple[Test, ...]) -> Test:
    def holds(context: Mapping[str, Values]) -> bool:
        for test in tests:  # noqa: SIM110 - all() and a generator cost twice as much here
            if not test(context):
                return False
        return True

    return holds
