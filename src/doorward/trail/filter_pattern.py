"""Filter patterns of CloudWatch Logs: which messages a metric filter counts.

Three languages, told apart by how a pattern begins: `{` conditions on JSON, `[` fields with blanks
between them, anything else terms. Source: CloudWatch Logs guide, "Filter pattern syntax for metric
filters, subscription filters, filter log events, and Live Tail".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from doorward.trail.filter_pattern_fields import read_fields
from doorward.trail.filter_pattern_json import read_json_pattern, selected
from doorward.trail.filter_pattern_terms import read_terms
from doorward.trail.filter_pattern_values import BadPattern, number_of, text_of

ROOT_PATTERN = (
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
    ' && $.eventType != "AwsServiceEvent" }'
)
"""Every use of the root user, and none of AWS's services acting for it."""

_BARE_CONDITION = re.compile(r'\s*\$?\.?[A-Za-z][\w.]*\s*(?:=|!=)\s*"?[\w*.]+"?\s*')
_ROOT = re.compile(r"userIdentity\.type\s*=\s*\"?Root")
_decode = msgspec.json.Decoder().decode


class LogLine:
    """One message; read as JSON once, by the first pattern that asks."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def value(self) -> Any:
        """The message as JSON; None when it is none."""
        try:
            return _decode(self.text)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class FilterPattern:
    """A pattern that was understood.

    Attributes:
        matched: The values the pattern names in a line that matches; None of another line.
    """

    text: str
    matched: Callable[[LogLine], dict[str, str] | None]

    def matches(self, line: LogLine) -> bool:
        """Whether the line matches."""
        return self.matched(line) is not None


@lru_cache(4096)
def filter_pattern(text: str) -> FilterPattern:
    """Read a pattern.

    Raises:
        BadPattern: it is not of the language; the message gives the right one where that is known.
    """
    body = text.strip()
    try:
        return FilterPattern(text, _matcher(body))
    except BadPattern as error:
        raise BadPattern(f"{error}{_hint(body)}") from None


def _matcher(body: str) -> Callable[[LogLine], dict[str, str] | None]:
    if body.startswith("{"):
        if not body.endswith("}"):
            raise BadPattern("A filter pattern that begins with '{' ends with '}'")
        json = read_json_pattern(body[1:-1])
        return lambda line: json.matched(line.value)
    if body.startswith("["):
        if not body.endswith("]"):
            raise BadPattern("A filter pattern that begins with '[' ends with ']'")
        fields = read_fields(body[1:-1])
        return lambda line: fields.matched(line.text)
    terms = read_terms(body)
    return lambda line: {} if terms.matches(line.text) else None


def _hint(body: str) -> str:
    if _ROOT.search(body):
        return f". Conditions on JSON stand in braces and begin with '$.': {ROOT_PATTERN}"
    if _BARE_CONDITION.match(body):
        return (
            f". Conditions on JSON stand in braces and begin with '$.': {{ $.{body.lstrip('$.')} }}"
        )
    return ""


def value_in(line: LogLine, matched: dict[str, str], selector: str) -> str | None:
    """What `$.field` or `$field` finds in a line that matched, as text."""
    if selector in matched:
        return matched[selector]
    if not selector.startswith(("$.", "$[")):
        return None
    found = selected(line.value, selector) if isinstance(line.value, dict | list) else []
    return text_of(found[0]) if found else None


def number_in(line: LogLine, matched: dict[str, str], value: str) -> float | None:
    """A metric value: a number, or what a selector finds where that is a number."""
    if not value.startswith("$"):
        return number_of(value)
    return number_of(value_in(line, matched, value))


__all__ = [
    "ROOT_PATTERN",
    "BadPattern",
    "FilterPattern",
    "LogLine",
    "filter_pattern",
    "number_in",
    "value_in",
]
