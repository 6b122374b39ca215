"""Conditions: operators, and how values are written."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.likeness import nearest
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import At, Condition, Statement
from doorward.analysis.validate.registry import Hit, check
from doorward.catalog.keys import key_fact
from doorward.policy.conditions import OPERATORS
from doorward.policy.conditions.ips import is_network

_SPELLED: Final = """StringEquals StringNotEquals StringEqualsIgnoreCase StringLike StringNotLike
    StringNotEqualsIgnoreCase NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals
    NumericGreaterThan NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan
    DateLessThanEquals DateGreaterThan DateGreaterThanEquals Bool BinaryEquals IpAddress
    NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike Null"""


@check("INVALID_CONDITION_OPERATOR", Severity.ERROR)
def unknown_operator(statement: Statement) -> Iterator[Hit]:
    """There is no condition operator of this name."""
    for condition in _once_each(statement):
        if condition.base == "null" or condition.base in OPERATORS:
            continue
        given = condition.operator.written
        meant = nearest(given, _SPELLED.split())
        fixes = (instead(f"write {meant}", condition.operator, meant),) if meant else ()
        yield Hit(condition.operator, f'"{given[:60]}" is no condition operator.', fixes)


def _once_each(statement: Statement) -> Iterator[Condition]:
    """One condition for every operator."""
    last: At | None = None
    for condition in statement.conditions:
        if condition.operator != last:
            yield condition
        last = condition.operator


@check("NULL_WITH_IF_EXISTS", Severity.ERROR)
def null_if_exists(statement: Statement) -> Iterator[Hit]:
    """Null asks whether the key exists; `IfExists` behind it has no meaning."""
    for condition in _once_each(statement):
        if condition.base == "null" and condition.if_exists:
            fixes = (instead("write Null", condition.operator, "Null"),)
            yield Hit(condition.operator, "Null takes no IfExists.", fixes)


@check("INVALID_CONDITION_DATA_TYPE", Severity.ERROR)
def values_of_several_types(statement: Statement) -> Iterator[Hit]:
    """The values of one key are all strings, all numbers or all booleans."""
    for condition in statement.conditions:
        if len({type(value.node.value) for value in condition.values}) > 1:
            message = f"The values of {condition.key.written[:60]} are of several JSON types."
            yield Hit(condition.value, message)


@check("INVALID_CONDITION_MULTIPLE_BOOLEAN", Severity.ERROR)
def several_booleans(statement: Statement) -> Iterator[Hit]:
    """A Bool condition has one value: true and false together ask nothing."""
    for condition in statement.conditions:
        if condition.base == "bool" and len(condition.values) > 1:
            yield Hit(condition.value, "A Bool condition has one value.")


@check("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", Severity.ERROR)
def key_twice(statement: Statement) -> Iterator[Hit]:
    """Condition keys are compared without regard to case, so this one stands twice."""
    seen: set[tuple[At, str]] = set()
    for condition in statement.conditions:
        mark = condition.operator, condition.name
        if mark in seen:
            yield Hit(condition.key, f"{condition.key.written[:60]} stands twice; case is ignored.")
        seen.add(mark)


@check("MISSING_QUALIFIER", Severity.ERROR)
def many_values_without_set_operator(statement: Statement) -> Iterator[Hit]:
    """A key with many values is asked with `ForAnyValue:` or `ForAllValues:`, or never matches."""
    for condition in statement.conditions:
        fact = key_fact(condition.key.written)
        if fact and fact.multi and condition.known and not condition.quantifier:
            name = condition.operator.written
            fixes = (
                instead("some value matches", condition.operator, f"ForAnyValue:{name}"),
                instead("every value matches", condition.operator, f"ForAllValues:{name}"),
            )
            message = f"{fact.name} holds many values; {name} without a set operator is false."
            yield Hit(condition.operator, message, fixes)


@check("TYPE_MISMATCH_IP_RANGE", Severity.ERROR)
def no_address(statement: Statement) -> Iterator[Hit]:
    """An address operator takes addresses and ranges in CIDR form."""
    for condition in statement.conditions:
        if not condition.is_of("IpAddress"):
            continue
        for value in condition.values:
            if not is_network(value.written):
                yield Hit(value, f'"{value.written[:60]}" is no address and no CIDR range.')
