"""Wildcard patterns, matched in time linear in the text whatever the pattern.

Patterns with `*` only become string searches. All others run as a bit-parallel automaton: one
integer holds every state, so there is nothing to go back to and nothing to explode.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias


class Wild(Enum):
    """What a wildcard may stand for."""

    ANY = "*"
    """Any run of characters, none included."""
    ONE = "?"
    """Exactly one UTF-16 unit."""
    ANY_INSIDE = "*:"
    """Any run without a colon: a star inside one segment of an ARN."""
    ONE_INSIDE = "?:"
    """One UTF-16 unit other than a colon."""

    # SPEED: patterns with variables are cached by their tokens; Enum's own hash is Python code.
    __hash__ = object.__hash__


Token: TypeAlias = str | Wild
Pattern: TypeAlias = tuple[Token, ...]
Match: TypeAlias = Callable[[str], bool]

ANY: Final = Wild.ANY
ANYTHING: Final[Pattern] = (ANY,)
_LONG: Final = 512
_LAST_OF_BMP: Final = "\uffff"
_SPLIT: Final = re.compile(r"([*?])")
_WILD: Final[dict[str, Token]] = {"*": Wild.ANY, "?": Wild.ONE}


def wildcards(text: str) -> list[Token]:
    """Split text into literal pieces and wildcards that stand for every character."""
    return [_WILD.get(piece, piece) for piece in _SPLIT.split(text) if piece]


def joined(tokens: Iterable[Token]) -> Pattern:
    """A pattern in which neighbouring literals are one and repeated stars are one."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if isinstance(token, str) and isinstance(last, str):
            out[-1] = last + token
        elif token != "" and not (token is ANY and last is ANY):
            out.append(token)
    return tuple(out)


def glob(pattern: Pattern) -> Match:
    """The test for a pattern that comes from `joined`: true where the whole text matches."""
    return _made(pattern) if is_long(pattern) else _remembered(pattern)


def is_long(pattern: Pattern) -> bool:
    """Whether it is too long to be remembered.

    A variable puts in what the caller sent, so without this callers could fill the memory.
    """
    for token in pattern:  # noqa: SIM110 - any() and a generator cost thrice as much here
        if isinstance(token, str) and len(token) > _LONG:
            return True
    return False


def _made(pattern: Pattern) -> Match:
    if any(token is not ANY and isinstance(token, Wild) for token in pattern):
        return _automaton(pattern)
    pieces = [""]
    for token in pattern:
        if isinstance(token, str):
            pieces[-1] = token
        else:
            pieces.append("")
    return _search(pieces)


_remembered = lru_cache(maxsize=8192)(_made)


def _search(pieces: list[str]) -> Match:
    """Match literal pieces with stars between them, shortest run first."""
    if len(pieces) == 1:
        return pieces[0].__eq__
    first, *middle, last = pieces
    if not middle and not last:
        return lambda text: text.startswith(first)
    if not middle and not first:
        return lambda text: text.endswith(last)
    least = sum(map(len, pieces))

    def match(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in middle:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return match


def units(text: str) -> str:
    """Text as UTF-16 units, one character each: what `?` counts in."""
    if text.isascii() or max(text) <= _LAST_OF_BMP:
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2))


def _automaton(pattern: Pattern) -> Match:
    """Match by shifting a set of states, one bit for each symbol already matched.

    A star is no symbol: it lets its state stay. Bit-parallel simulation (Baeza-Yates, Gonnet 1992).
    """
    advance: dict[str, int] = {":": 0}
    one = one_inside = stay = stay_inside = 0
    bit = 1
    for token in pattern:
        if token is Wild.ANY:
            stay |= bit
        elif token is Wild.ANY_INSIDE:
            stay_inside |= bit
        elif isinstance(token, str):
            for unit in units(token):
                advance[unit] = advance.get(unit, 0) | bit
                bit <<= 1
        else:
            one |= bit
            one_inside |= bit if token is Wild.ONE_INSIDE else 0
            bit <<= 1
    final = bit
    other = (one, stay | stay_inside)
    steps = {unit: (mask | one, other[1]) for unit, mask in advance.items()}
    steps[":"] = (advance[":"] | one & ~one_inside, stay)

    def match(text: str) -> bool:
        states = 1
        for unit in units(text):
            forward, remain = steps.get(unit, other)
            states = (states & forward) << 1 | states & remain
            if not states:
                return False
        return bool(states & final)

    return match
