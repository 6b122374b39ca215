"""What a field is compared with in a filter pattern: a text with wildcards, a number, a regex."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from operator import ge, gt, le, lt
from typing import Any

from doorward.policy.match import ANY, glob, joined
from doorward.trail.filter_pattern_regex import BadRegex, searcher

NUMBER = re.compile(
    r"[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?", re.ASCII
)
ORDERS: Mapping[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}

Test = Callable[[Any], bool]


class BadPattern(ValueError):  # noqa: N818 - what it is, in two words
    """A filter pattern that is not of the language; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it stands in a pattern; `kind` is `quoted`, `bare` or `regex`."""

    text: str
    kind: str


def comparison(operator: str, wanted: Literal) -> Test:
    """The test of a present value.

    Raises:
        BadPattern: the operator does not go with the value.
    """
    if operator in ORDERS:
        number = number_of(wanted.text) if wanted.kind == "bare" else None
        if number is None:
            raise BadPattern(f"{operator} compares numbers, and {wanted.text!r} is none")
        return _ordered(ORDERS[operator], number)
    equal = _equal(wanted)
    if operator == "=":
        return lambda value: (text := text_of(value)) is not None and equal(text, value)
    return lambda value: (text := text_of(value)) is not None and not equal(text, value)


def text_of(value: Any) -> str | None:
    """A scalar as text; None of what is no scalar, and of null."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def number_of(value: Any) -> float | None:
    """A finite number, given as one or as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if isfinite(number) else None


def _ordered(order: Callable[[float, float], bool], wanted: float) -> Test:
    def test(value: Any) -> bool:
        number = number_of(value)
        return number is not None and order(number, wanted)

    return test


def _equal(wanted: Literal) -> Callable[[str, Any], bool]:
    if wanted.kind == "regex":
        found = regex(wanted.text)
        return lambda text, _: found(text)
    number = number_of(wanted.text) if wanted.kind == "bare" else None
    if number is not None:
        return lambda text, value: text == wanted.text or number_of(value) == number
    same = glob(joined([ANY if piece == "*" else piece for piece in _PIECES.split(wanted.text)]))
    return lambda text, _: same(text)


def regex(expression: str) -> Callable[[str], bool]:
    """The test of a regular expression.

    Raises:
        BadPattern: it is not of the language.
    """
    try:
        return searcher(expression)
    except BadRegex as error:
        raise BadPattern(f"Invalid regular expression %{expression}%: {error}") from None


_PIECES = re.compile(r"(\*)")
