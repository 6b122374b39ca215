"""Filter patterns for JSON messages: `{ $.userIdentity.type = "Root" && $.a[0] IS NULL }`.

A condition on a field that is not there does not hold, whatever it is; only NOT EXISTS does.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from doorward.trail.filter_pattern_boolean import (
    Condition,
    Expression,
    conditions_of,
    holds,
    read_expression,
)
from doorward.trail.filter_pattern_values import BadPattern, text_of

_EACH = -1
MOST_FOUND = 1000
_STEP = re.compile(r"""\.?\[\s*(?:(\*)|(\d{1,9})|"([^"]*)"|'([^']*)')\s*\]|\.([\w\-:@/]+)""")
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonPattern:
    """A pattern of conditions on the fields of a JSON object or list."""

    expression: Expression

    def matched(self, value: Any) -> dict[str, str] | None:
        """The selected fields of a message that matches; None of another."""
        if not isinstance(value, dict | list):
            return None
        if not holds(self.expression, lambda condition: _holds(condition, value)):
            return None
        return {
            condition.selector: text
            for condition in conditions_of(self.expression)
            for found in selected(value, condition.selector)[:1]
            if (text := text_of(found)) is not None
        }


def read_json_pattern(inside: str) -> JsonPattern:
    """Read what stands between the braces.

    Raises:
        BadPattern: it is not of the language.
    """
    return JsonPattern(read_expression(inside, "selector"))


def selected(value: Any, selector: str) -> list[Any]:
    """What a selector such as `$.a.b[0]` finds; several where it has `[*]`."""
    found = [value]
    for step in path(selector):
        found = [part for each in found for part in _parts(each, step)][:MOST_FOUND]
    return found


@lru_cache(2048)
def path(selector: str) -> Path:
    """The steps of a selector.

    Raises:
        BadPattern: it is none.
    """
    if not selector.startswith("$"):
        raise BadPattern(f"{selector!r} is no property selector; those begin with '$.'")
    steps: list[str | int] = []
    position = 1
    while position < len(selector):
        match = _STEP.match(selector, position)
        if match is None:
            raise BadPattern(f"{selector!r} is no property selector")
        each, index, double, single, name = match.groups()
        quoted = double if double is not None else single
        steps.append(_EACH if each else int(index) if index else name or quoted or "")
        position = match.end()
    return tuple(steps)


def _parts(value: Any, step: str | int) -> list[Any]:
    if isinstance(step, int):
        if not isinstance(value, list):
            return []
        return value if step == _EACH else value[step : step + 1]
    return [value[step]] if isinstance(value, dict) and step in value else []


def _holds(condition: Condition, value: Any) -> bool:
    found = selected(value, condition.selector)
    if not condition.exists:
        return not found
    return any(condition.test(each) for each in found)
