"""Patterns over identifiers that somebody else can be given.

AWS names no list of these keys; ours are those whose values AWS assigns. `*` alone merely asks
for presence and is told as that.
"""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.errors.variables import uses
from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.reading import Condition, Statement
from doorward.analysis.validate.registry import Hit, check

_ASSIGNED: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
    }
)
_USER_ID: Final = "aws:userid"
_ENOUGH: Final = 6
"""Literal characters before the open part."""


def _patterns(statement: Statement) -> Iterator[Condition]:
    """Conditions of an Allow that take values by pattern."""
    for condition in statement.conditions:
        if statement.allows and condition.base == "stringlike":
            yield condition


def _is_loose(key: str, text: str, mark: str) -> bool:
    """Whether what stands before the mark fixes too little."""
    before = text.partition(mark)[0]
    if key == _USER_ID:
        return len(before) < _ENOUGH or ":" not in before
    return key in _ASSIGNED and len(before) < _ENOUGH


@check("WILDCARD_USAGE_TOO_PERMISSIVE", Severity.ERROR)
def open_identifier(statement: Statement) -> Iterator[Hit]:
    """A wildcard leaves an identifier open that AWS gives to others as well."""
    for condition in _patterns(statement):
        for value in condition.values:
            text = value.written
            if text != "*" and "*" in text and _is_loose(condition.name, text, "*"):
                message = f'"{text[:60]}" takes identifiers of others: too little stands before *.'
                yield Hit(value, message)


@check("VARIABLE_USAGE_TOO_PERMISSIVE", Severity.ERROR)
def varying_identifier(statement: Statement) -> Iterator[Hit]:
    """A variable stands for part of an identifier that AWS gives to others as well."""
    for condition in _patterns(statement):
        for value in condition.values:
            partial = any(value.written != f"${{{use.body}}}" for use in uses(value))
            if partial and _is_loose(condition.name, value.written, "${"):
                message = f'"{value.written[:60]}" takes identifiers of others.'
                yield Hit(value, message)
