"""What two patterns have in common, and whether one holds the other."""

from functools import lru_cache
from typing import Final

from doorward.policy.match import ANY, Pattern, Wild, glob, joined, wildcards

_EVERY: Final = "*"


@lru_cache(maxsize=4096)
def of(text: str) -> Pattern:
    """The pattern a text with wildcards is."""
    return joined(wildcards(text))


def overlap(left: Pattern, right: Pattern) -> bool:
    """Whether some text matches both."""
    if not _heads_agree(left, right):
        return False
    one, other = _symbols(left), _symbols(right)
    row = _closed(one, {0})
    for symbol in other:
        row = _step(one, row, symbol)
        if not row:
            return False
    return len(one) in row


def covers(general: str, specific: str) -> bool:
    """Whether `general` surely matches whatever `specific` matches."""
    if general in {_EVERY, specific}:
        return True
    # A star of `specific` stands for longer texts than a question mark of `general` takes.
    if "?" in general and "*" in specific:
        return False
    return "*" in general and glob(of(general))(specific)


def _heads_agree(left: Pattern, right: Pattern) -> bool:
    """Whether the texts before the first wildcards can be one; SPEED: most differ here."""
    one, other = _head(left), _head(right)
    return one.startswith(other) or other.startswith(one)


def _head(pattern: Pattern) -> str:
    return pattern[0] if pattern and isinstance(pattern[0], str) else ""


def _symbols(pattern: Pattern) -> list[str | Wild]:
    """One symbol a character, one a wildcard."""
    out: list[str | Wild] = []
    for token in pattern:
        out.extend(token if isinstance(token, str) else (token,))
    return out


def _closed(symbols: list[str | Wild], places: set[int]) -> set[int]:
    """The places, and those behind the stars that stand there."""
    out = set(places)
    for place in places:
        at = place
        while at < len(symbols) and symbols[at] is ANY:
            at += 1
            out.add(at)
    return out


def _step(one: list[str | Wild], row: set[int], symbol: str | Wild) -> set[int]:
    """Where in `one` a text can be after what `symbol` stands for."""
    if symbol is ANY:
        return set(range(min(row), len(one) + 1))
    found: set[int] = set()
    for at in row:
        if at == len(one):
            continue
        if one[at] is ANY:
            found.add(at)
        elif isinstance(symbol, Wild) or isinstance(one[at], Wild) or one[at] == symbol:
            found.add(at + 1)
    return _closed(one, found)
