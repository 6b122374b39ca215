"""One statement against one request, element by element."""

from collections.abc import Mapping
from typing import NamedTuple

from doorward.policy.conditions import compile_condition, named
from doorward.policy.conditions.block import Test
from doorward.policy.document import NAMING, Statement
from doorward.policy.explain.report import ConditionRead, StatementRead
from doorward.policy.fields import Condition
from doorward.policy.principals import DIRECT, NamedTest, compile_principals
from doorward.policy.request import Attached, Request
from doorward.policy.resources import ResourceTest, compile_resources
from doorward.policy.variables import Quoted, Values, Variable, parts


class Elements(NamedTuple):
    """A statement's elements, each with its own test.

    Attributes:
        resource: `Resource` or `NotResource`, whichever it has.
        variables: Those in it.
        principals: `None` where everyone is named, or the kind of policy names nobody.
        tests: `None` for an operator that is unknown.
        doubt: The type of principal that cannot be judged; else empty.
    """

    statement: Statement
    principals: NamedTest | None
    resources: ResourceTest | None
    resource: str
    variables: tuple[Variable, ...]
    tests: tuple[tuple[Condition, Test | None], ...]
    doubt: str


def read(request: Request, attached: Attached, elements: Elements) -> StatementRead:
    """Read a statement whose action element matches, up to the first element that fails."""
    statement, context = elements.statement, request.context
    naming = elements.principals(request.principal) if elements.principals else DIRECT
    doubt = elements.doubt
    if not naming:
        failed = "Principal" if statement.principals is not None else "NotPrincipal"
        return StatementRead(attached, statement, 0, failed, (), (), doubt)
    if elements.resources and not elements.resources(request):
        empty = dict.fromkeys(
            each.key for each in elements.variables if each.value(context) is None
        )
        return StatementRead(
            attached, statement, naming, elements.resource, (), tuple(empty), doubt
        )
    conditions = tuple(
        _condition(statement, condition, test, context) for condition, test in elements.tests
    )
    doubt = next((one.doubt for one in conditions if one.doubt), doubt)
    failed = "" if all(one.holds for one in conditions) else "Condition"
    return StatementRead(attached, statement, naming, failed, conditions, (), doubt)


def elements_of(statement: Statement, *, bounded: bool) -> Elements:
    """A statement taken apart, once.

    Args:
        statement: Of any kind of policy.
        bounded: Whether the caller has a permissions boundary (NotPrincipal then counts otherwise).
    """
    place = "bounded elements" if bounded else "elements"
    made: Elements | None = statement.derived.get(place)
    if made is None:
        made = statement.derived[place] = _apart(statement, bounded=bounded)
    return made


def _apart(statement: Statement, *, bounded: bool) -> Elements:
    deny = statement.is_deny
    principals, unknown = compile_principals(
        statement.principals, statement.not_principals, deny=deny, bounded=bounded
    )
    texts = statement.resources or statement.not_resources or ()
    pieces = (part for text in texts for part in parts(text, statement.version))
    return Elements(
        statement,
        principals if statement.kind in NAMING else None,
        compile_resources(statement),
        "NotResource" if statement.not_resources is not None else "Resource",
        tuple(part for part in pieces if isinstance(part, Variable)),
        tuple(
            (each, compile_condition(each, statement.version, deny=deny))
            for each in statement.conditions
        ),
        f"could not evaluate principal type {unknown}" if unknown else statement.fault,
    )


def _condition(
    statement: Statement, condition: Condition, test: Test | None, context: Mapping[str, Values]
) -> ConditionRead:
    came = context.get(condition.key.lower())
    if test is None:
        doubt = f"could not evaluate operator {condition.operator}"
        return ConditionRead(condition, statement.is_deny, came, condition.values, (), doubt)
    holds = test(context)
    wanted, unresolved = _wanted(condition, statement.version, context)
    return ConditionRead(condition, holds, came, wanted, unresolved)


def _wanted(
    condition: Condition, version: str, context: Mapping[str, Values]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values with their variables filled, and the variables that have no value."""
    if not any("${" in value for value in condition.values) or not _has_variables(condition):
        return condition.values, ()
    unresolved: dict[str, None] = {}
    wanted = tuple(_filled(value, version, context, unresolved) for value in condition.values)
    return wanted, tuple(unresolved)


def _has_variables(condition: Condition) -> bool:
    name = named(condition.operator)
    return bool(name and name.operator and name.operator.variables)


def _filled(
    text: str, version: str, context: Mapping[str, Values], unresolved: dict[str, None]
) -> str:
    out: list[str] = []
    for part in parts(text, version):
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, Quoted):
            out.append(part.text)
        else:
            value = part.value(context)
            out.append(part.spelled if value is None else value)
            if value is None:
                unresolved[part.key] = None
    return "".join(out)
