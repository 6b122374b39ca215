"""A shape's constraints as tests with AWS's sentences, in the order AWS names them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from doorward.catalog.models import Shape
from doorward.wire.patterns import is_one_class, matcher

_SET_BUCKETS = 32
_MAP_BUCKETS = 16


@dataclass(frozen=True, slots=True)
class Constraint:
    """One test on a value.

    Attributes:
        kind: Which trait it is: `max_length`, `min_length`, `max_value`, `min_value`, `pattern`,
            `enum` or `required`.
        sentence: AWS's words, `Member must ...`.
        holds: The test.
    """

    kind: str
    sentence: str
    holds: Callable[[Any], bool]


NOT_NULL = Constraint("required", "Member must not be null", lambda value: value is not None)


@cache
def constraints(shape: Shape) -> tuple[Constraint, ...]:
    """What a present value of a shape must satisfy, its parts left aside."""
    if shape.type in {"structure", "timestamp", "boolean"}:
        return ()
    if shape.type in {"integer", "long", "float", "double"}:
        return tuple(_value_bounds(shape))
    found = list(_length_bounds(shape))
    if shape.pattern is not None:
        found.append(_pattern(shape))
    if shape.enum:
        listed = ", ".join(set_order(shape.enum))
        sentence = f"Member must satisfy enum value set: [{listed}]"
        found.append(Constraint("enum", sentence, frozenset(shape.enum).__contains__))
    return tuple(found)


def _value_bounds(shape: Shape) -> Iterable[Constraint]:
    if (most := shape.max) is not None:
        yield Constraint(
            "max_value",
            f"Member must have value less than or equal to {most}",
            lambda value: value <= most,
        )
    if (least := shape.min) is not None:
        yield Constraint(
            "min_value",
            f"Member must have value greater than or equal to {least}",
            lambda value: value >= least,
        )


def _length_bounds(shape: Shape) -> Iterable[Constraint]:
    if (most := shape.max) is not None:
        yield Constraint(
            "max_length",
            f"Member must have length less than or equal to {most}",
            lambda value: len(value) <= most,
        )
    if (least := shape.min) is not None:
        yield Constraint(
            "min_length",
            f"Member must have length greater than or equal to {least}",
            lambda value: len(value) >= least,
        )


def _pattern(shape: Shape) -> Constraint:
    pattern, most = shape.pattern or "", shape.max
    matches = matcher(pattern)
    sentence = f"Member must satisfy regular expression pattern: {pattern}"
    if most is None or is_one_class(pattern):
        return Constraint("pattern", sentence, matches)
    # SPEED: a text that is too long is named as such; a complex pattern is not run on it.
    return Constraint("pattern", sentence, lambda text: len(text) > most or matches(text))


def set_order(names: Iterable[str]) -> list[str]:
    """The values of an enumeration as AWS lists them.

    AWS: every order recorded in September 2026 (enumerations of five and two) is that of 32
    buckets over String.hashCode.
    """
    return sorted(names, key=lambda name: _java_hash(name) % _SET_BUCKETS)


def map_order(names: Iterable[str]) -> list[str]:
    """The members of a structure as AWS goes through them.

    AWS: the orders recorded in 2026 (`value` before `key`; `clientIDList`, `thumbprintList`,
    `url`) are those of a Java HashMap of 16 buckets, which folds the hash's upper half in.
    """
    return sorted(names, key=lambda name: _folded(_java_hash(name)) % _MAP_BUCKETS)


def _folded(value: int) -> int:
    return value ^ (value >> 16)


def _java_hash(text: str) -> int:
    value = 0
    for char in text:
        value = (value * 31 + ord(char)) & 0xFFFFFFFF
    return value
