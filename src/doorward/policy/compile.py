"""A statement as one closure over the request."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from doorward.policy.conditions import compile_condition, named
from doorward.policy.conditions.block import Test
from doorward.policy.document import NAMING, Statement
from doorward.policy.principals import DIRECT, NOBODY, NamedTest, compile_principals
from doorward.policy.request import Request
from doorward.policy.resources import ResourceTest, compile_resources
from doorward.policy.variables import Values

Applies: TypeAlias = Callable[[Request], int]


class Rule:
    """A statement that is compiled when it is first asked; its action is known to match."""

    # SPEED: of many statements few ever stand near a request's resource.
    __slots__ = ("_made", "bounded", "statement")

    def __init__(self, statement: Statement, *, bounded: bool) -> None:
        self.statement = statement
        self.bounded = bounded
        self._made: tuple[Applies, str] | None = None

    @property
    def applies(self) -> Applies:
        """0, or how closely the statement names the caller (`principals`).

        In kinds without principals any other number, or `True`.
        """
        return self._compiled()[0]

    @property
    def doubt(self) -> str:
        """What in the statement could not be evaluated; else empty."""
        if self.statement.kind in NAMING:
            return self._compiled()[1]
        return _doubt(self.statement)

    def ask(self, request: Request) -> int:
        """Compile, if need be, and ask."""
        return self.applies(request)

    def _compiled(self) -> tuple[Applies, str]:
        made = self._made
        if made is None:
            made = self._made = _compile(self.statement, bounded=self.bounded)
        return made


def rule(statement: Statement, *, bounded: bool = False) -> Rule:
    """The rule of a statement, made once."""
    place = "bounded" if bounded else "rule"
    made: Rule | None = statement.derived.get(place)
    if made is None:
        made = statement.derived[place] = Rule(statement, bounded=bounded)
    return made


def _compile(statement: Statement, *, bounded: bool) -> tuple[Applies, str]:
    deny = statement.is_deny
    doubt = _doubt(statement)
    principals, unnamed = compile_principals(
        statement.principals, statement.not_principals, deny=deny, bounded=bounded
    )
    if unnamed:
        doubt = doubt or f"could not evaluate principal type {unnamed}"
    tests = _tests(statement)
    if tests is None:
        return _never, doubt
    applies = _compose(compile_resources(statement), tests)
    if statement.kind in NAMING:
        applies = _naming(applies, principals)
    return applies, doubt


def _doubt(statement: Statement) -> str:
    """The first operator that is unknown, or why the whole document cannot be evaluated."""
    for condition in statement.conditions:
        if named(condition.operator) is None:
            return f"could not evaluate operator {condition.operator}"
    return statement.fault


def _tests(statement: Statement) -> tuple[Test, ...] | None:
    """The conditions' tests; `None` where an unknown operator lets an Allow never apply."""
    made = [
        compile_condition(condition, statement.version, deny=statement.is_deny)
        for condition in statement.conditions
    ]
    if None in made and not statement.is_deny:
        return None
    return tuple(test for test in made if test is not None)


def always(_: Request) -> int:
    """The test of a statement that asks nothing but the action."""
    return DIRECT


def _never(_: Request) -> int:
    return NOBODY


def _compose(resources: ResourceTest | None, tests: tuple[Test, ...]) -> Applies:
    """One closure for what the statement really asks."""
    if not tests:
        return always if resources is None else resources
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
