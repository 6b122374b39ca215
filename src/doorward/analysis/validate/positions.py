"""Lines, columns and offsets of a text."""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import Final

from doorward.analysis.validate.finding import Position, Span

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


# SPEED: a long document with a finding on every line would be counted through for each.
@lru_cache(maxsize=8)
def _starts(text: str) -> tuple[int, ...]:
    """The offsets at which lines begin."""
    return (0, *(found.end() for found in _LINE_END.finditer(text)))


def span(text: str, start: int, end: int) -> Span:
    """The two places, counted."""
    return Span(_position(text, start), _position(text, end))


def _position(text: str, offset: int) -> Position:
    starts = _starts(text)
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1, offset)


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and a column, both from 1."""
    return _starts(text)[line - 1] + column - 1
