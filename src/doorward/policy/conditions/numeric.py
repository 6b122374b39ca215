"""Numeric operators: exact decimals."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from doorward.policy.conditions.table import operator

_NUMBER: Final = re.compile(r"[+-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+")


@lru_cache(maxsize=1024)
def number(text: str) -> Decimal | None:
    """Read `[+-]digits[.digits][e±digits]` in ASCII; `None` for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of 19 digits and more
        return None


def is_number(text: str) -> bool:
    """Whether a stored policy may hold this value."""
    return number(text) is not None


@operator("NumericEquals", negation="NumericNotEquals", storable=is_number)
def numeric_equals(value: str, wanted: str) -> bool:
    """Compare as numbers, so `1` equals `1.0`; a value that is no number matches nothing."""
    left, right = number(value), number(wanted)
    return left is not None and left == right


@operator("NumericLessThan", storable=is_number)
def numeric_less_than(value: str, wanted: str) -> bool:
    """Whether the value is below."""
    left, right = number(value), number(wanted)
    return left is not None and right is not None and left < right


@operator("NumericLessThanEquals", storable=is_number)
def numeric_less_than_equals(value: str, wanted: str) -> bool:
    """Whether the value is not above."""
    left, right = number(value), number(wanted)
    return left is not None and right is not None and left <= right


@operator("NumericGreaterThan", storable=is_number)
def numeric_greater_than(value: str, wanted: str) -> bool:
    """Whether the value is above."""
    return numeric_less_than(wanted, value)


@operator("NumericGreaterThanEquals", storable=is_number)
def numeric_greater_than_equals(value: str, wanted: str) -> bool:
    """Whether the value is not below."""
    return numeric_less_than_equals(wanted, value)
