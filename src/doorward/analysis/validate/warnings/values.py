"""Operators and values that do not fit each other."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import At, Condition, Statement
from doorward.analysis.validate.registry import Hit, check
from doorward.catalog.global_keys import KeyFact
from doorward.catalog.keys import key_fact
from doorward.policy.conditions.binary import is_base64
from doorward.policy.conditions.dates import is_date
from doorward.policy.conditions.numeric import is_number

_FAMILIES: Final = {
    "String": ("String",),
    "ARN": ("Arn", "String"),
    "Bool": ("Bool",),
    "Date": ("Date", "Numeric"),
    "IPAddress": ("IpAddress",),
    "Numeric": ("Numeric",),
}
"""By the type of a key, the operators that compare it as such; aws:EpochTime takes numbers too."""

_YEAR_DIGITS: Final = 4


def _values(statement: Statement, *families: str) -> Iterator[tuple[Condition, At]]:
    """The values of the operators of a family, but those with variables."""
    for condition in statement.conditions:
        for value in condition.values if condition.known and condition.is_of(*families) else ():
            if "${" not in value.written:
                yield condition, value


def _fitting(fact: KeyFact) -> tuple[str, ...] | None:
    """The operators for a key; a tag or an encryption context may hold an ARN."""
    families = _FAMILIES.get(fact.type)
    return (*families, "Arn") if families and "${" in fact.name else families


@check("TYPE_MISMATCH", Severity.WARNING)
def operator_of_another_type(statement: Statement) -> Iterator[Hit]:
    """The operator compares values of another type than the key's."""
    for condition in statement.conditions:
        fact = key_fact(condition.key.written)
        families = _fitting(fact) if fact else None
        if fact and families and condition.known and not condition.is_of(*families):
            message = (
                f"{condition.key.written[:60]} is of the type {fact.type}; "
                f"{condition.operator.written[:40]} compares as another."
            )
            yield Hit(condition.operator, message)


@check("TYPE_MISMATCH_BOOLEAN", Severity.WARNING)
def no_boolean(statement: Statement) -> Iterator[Hit]:
    """Bool and Null take true or false; any other text counts as false."""
    for condition in statement.conditions:
        for value in condition.values if condition.base in {"bool", "null"} else ():
            if value.written.lower() not in {"true", "false"} and "${" not in value.written:
                yield Hit(value, f'"{value.written[:40]}" is neither true nor false.')


@check("TYPE_MISMATCH_NUMBER", Severity.WARNING)
def no_number(statement: Statement) -> Iterator[Hit]:
    """A numeric operator takes numbers; any other text equals nothing."""
    for _, value in _values(statement, "Numeric"):
        if not is_number(value.written):
            yield Hit(value, f'"{value.written[:40]}" is no number.')


@check("TYPE_MISMATCH_DATE", Severity.WARNING)
def no_date(statement: Statement) -> Iterator[Hit]:
    """A date operator takes dates as in 2026-01-31T12:00:00Z; any other text equals nothing."""
    for _, value in _values(statement, "Date"):
        if not is_date(value.written):
            yield Hit(value, f'"{value.written[:40]}" is no date.')


@check("INVALID_DATE_VALUE", Severity.WARNING)
def date_in_seconds(statement: Statement) -> Iterator[Hit]:
    """A date is written as seconds since 1970, which is easily misread."""
    for _, value in _values(statement, "Date"):
        digits = value.written.lstrip("+-")
        if digits.isdigit() and len(digits) != _YEAR_DIGITS:
            message = f"{value.written[:40]} counts seconds since 1970; write the date itself."
            yield Hit(value, message)


@check("TYPE_MISMATCH_STRING", Severity.WARNING)
def no_base64(statement: Statement) -> Iterator[Hit]:
    """BinaryEquals takes base64."""
    for _, value in _values(statement, "Binary"):
        if not is_base64(value.written):
            yield Hit(value, f'"{value.written[:40]}" is not base64.')


@check("WILDCARD_WITHOUT_LIKE_OPERATOR", Severity.WARNING)
def star_as_text(statement: Statement) -> Iterator[Hit]:
    """`*` and `?` are plain characters for an operator that compares whole texts."""
    for condition, value in _values(statement, "StringEquals", "StringNotEquals"):
        if {"*", "?"} & set(value.written):
            name = condition.operator.written
            message = f"{name} takes * and ? as they are; StringLike takes them as wildcards."
            yield Hit(value, message, tuple(_liked(condition)))


def _liked(condition: Condition) -> Iterator[Fix]:
    """The operator that takes wildcards, where it differs in nothing else."""
    name = condition.operator.written
    if "IgnoreCase" not in name:
        meant = name.replace("NotEquals", "NotLike").replace("Equals", "Like")
        yield instead(f"write {meant}", condition.operator, meant)
