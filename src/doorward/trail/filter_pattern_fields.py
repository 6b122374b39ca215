"""Filter patterns for messages of fields with blanks between them: `[ip, user, ..., status = 4*]`.

What stands between brackets or quotation marks is one field. Without `...` the message has exactly
as many fields as the pattern. Source: CloudWatch Logs guide, "Matching terms in space-delimited log
events".
"""

import re
from dataclasses import dataclass

from doorward.trail.filter_pattern_boolean import (
    Expression,
    conditions_of,
    holds,
    read_expression,
)
from doorward.trail.filter_pattern_values import BadPattern

ELLIPSIS = "..."
MOST_FIELDS = 1000
_NAME = re.compile(r"[\w.\-]*")
_SPLIT = re.compile(r'"(?:\\.|[^"\\])*"|%(?:\\.|[^%\\])*%|,|[^,"%]+|["%]', re.DOTALL)
_CLOSERS = {'"': '"', "[": "]"}


@dataclass(frozen=True, slots=True)
class Field:
    """One place of the pattern, with what its field must be."""

    name: str
    expression: Expression | None


@dataclass(frozen=True, slots=True)
class Fields:
    """A pattern by its places.

    Attributes:
        gap: Before which place any number of fields may stand; None: none may.
    """

    fields: tuple[Field, ...]
    gap: int | None

    def matched(self, message: str) -> dict[str, str] | None:
        """The named fields of a message that matches, as `$name`; None of another."""
        given = split(message)
        if given is None or len(given) < len(self.fields):
            return None
        if self.gap is None and len(given) != len(self.fields):
            return None
        before = len(self.fields) if self.gap is None else self.gap
        after = len(self.fields) - before
        values = given[:before] + (given[-after:] if after else [])
        if not all(map(_fits, self.fields, values)):
            return None
        return {f"${field.name}": value for field, value in zip(self.fields, values, strict=True)}


def _fits(field: Field, value: str) -> bool:
    return field.expression is None or holds(
        field.expression, lambda condition: condition.exists and condition.test(value)
    )


def read_fields(inside: str) -> Fields:
    """Read what stands between the brackets.

    Raises:
        BadPattern: it is not of the language.
    """
    places = _places(inside)
    if places.count(ELLIPSIS) > 1:
        raise BadPattern("A filter pattern has at most one '...'")
    gap = places.index(ELLIPSIS) if ELLIPSIS in places else None
    named = [place for place in places if place != ELLIPSIS]
    return Fields(tuple(_field(place, at) for at, place in enumerate(named, 1)), gap)


def _places(inside: str) -> list[str]:
    places = [""]
    for piece in _SPLIT.findall(inside):
        if piece == ",":
            places.append("")
        else:
            places[-1] += piece
    return [place.strip() for place in places]


def _field(place: str, at: int) -> Field:
    if _NAME.fullmatch(place):
        return Field(place or str(at), None)
    expression = read_expression(place, "bare")
    names = {condition.selector for condition in conditions_of(expression)}
    if len(names) > 1:
        raise BadPattern(f"The conditions of one field name several: {', '.join(sorted(names))}")
    return Field(names.pop(), expression)


def split(message: str) -> list[str] | None:
    """A message's fields; None when there are more than any pattern names."""
    found: list[str] = []
    position, unclosed = 0, set[str]()
    message = message.strip()
    while position < len(message):
        value, position = _next_field(message, position, unclosed)
        found.append(value)
        if len(found) > MOST_FIELDS:
            return None
        while position < len(message) and message[position].isspace():
            position += 1
    return found


def _next_field(message: str, position: int, unclosed: set[str]) -> tuple[str, int]:
    closer = _CLOSERS.get(message[position])
    if closer and closer not in unclosed:
        end = message.find(closer, position + 1)
        if end >= 0:
            return message[position + 1 : end], end + 1
        unclosed.add(closer)
    end = position
    while end < len(message) and not message[end].isspace():
        end += 1
    return message[position:end], end
