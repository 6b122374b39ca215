"""A statement for people, as it stands in its document; of a long one the part that matters."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from doorward.policy.actions import action_test
from doorward.policy.document import Statement
from doorward.policy.match import glob, joined, wildcards
from doorward.policy.request import Request
from doorward.policy.source import lines_of

MOST_LINES: Final = 14
MOST_ENTRIES: Final = 5
WIDEST: Final = 150


def excerpt(statement: Statement, request: Request) -> list[str]:
    """Its lines with their numbers, some of them where they are many.

    A document in one line has no lines to name. Of long lists the entries that fit the request
    are shown.
    """
    span = statement.span
    if not span.line:
        return []
    lines = lines_of(statement.document)[span.brace_line - 1 : span.end_line]
    whole = lines[0][span.brace_column - 1 : span.end_column - 1]
    if len(lines) == 1 and len(whole) <= WIDEST:
        return [whole]
    shorter = _shorter(statement.raw, request)
    if len(lines) == 1 or (len(lines) > MOST_LINES and shorter != statement.raw):
        return _cut(json.dumps(shorter, indent=2, ensure_ascii=False).split("\n"))
    numbered = enumerate(lines, span.brace_line)
    return _cut([f"{number:>4} | {line.rstrip()}" for number, line in numbered])


def _cut(lines: list[str]) -> list[str]:
    shown = [line[:WIDEST] for line in lines[:MOST_LINES]]
    more = len(lines) - MOST_LINES
    return shown if more <= 0 else [*shown, f"… {more} more lines"]


def _shorter(raw: Mapping[str, Any], request: Request) -> dict[str, Any]:
    tests: dict[str, Callable[[str], bool]] = {
        "Action": lambda value: action_test(value)(request.folded),
        "Resource": lambda value: glob(joined(wildcards(value)))(request.resource),
        "NotAction": lambda _: False,
        "NotResource": lambda _: False,
    }
    return {
        name: _some(value, tests[name]) if name in tests else value for name, value in raw.items()
    }


def _some(value: Any, fits: Callable[[str], bool]) -> Any:
    """A long list's entries that fit, or its first ones."""
    if not isinstance(value, list) or len(value) <= MOST_ENTRIES:
        return value
    shown = [one for one in value if fits(one)][:MOST_ENTRIES] or value[:MOST_ENTRIES]
    return [*shown, f"… {len(value) - len(shown)} more"]
