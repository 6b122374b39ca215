r"""The models' patterns are Java's; here they become tests on Python text.

Differences that matter: Java's `\w \d \s \b` are ASCII, `.` leaves out five line ends, `\p{L}`
names a Unicode category, and two `\u` escapes may form one character.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

LONGEST_COMPLEX = 2048
"""Texts beyond it are not tried on patterns that could take more than linear time."""

# Categories become single characters of the private use area, in texts and in patterns alike:
# building Python ranges for \p{L} would take 100 ms.
_CATEGORIES = (
    *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe"),
    *("Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"),
)
_STAND_INS = {category: chr(0xE000 + index) for index, category in enumerate(_CATEGORIES)}
_ASCII = [chr(code) for code in range(128)]
_ONE_CLASS = re.compile(r"\^?\[(?:[^\[\]\\]|\\.)*\](?:[+*]|\{\d+(?:,\d*)?\})?\$?")
_TOKEN = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\p\{\w+\}"
    r"|\\[dws]-|\\.|\[\^?|.",
    re.DOTALL,
)
_DOT = r"[^\n\r\u0085\u2028\u2029]"


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """A test whether a whole text matches a Java pattern, in linear time."""
    compiled = re.compile(translated(pattern), re.ASCII)
    fullmatch = compiled.fullmatch
    if r"\p{" in pattern:
        kept = frozenset(char for char in pattern if not char.isascii())
        return _bounded(lambda text: fullmatch(_projected(text, kept)) is not None, pattern)
    return _bounded(lambda text: fullmatch(text) is not None, pattern)


def is_one_class(pattern: str) -> bool:
    """A single repeated character class, linear on any text."""
    return _ONE_CLASS.fullmatch(pattern) is not None


def translated(pattern: str) -> str:
    """The same pattern in Python's syntax, for projected text where it names categories."""
    if pattern.startswith("(?s)"):
        return pattern
    out: list[str] = []
    in_class = False
    for piece in _TOKEN.findall(pattern):
        out.append(_python(piece, in_class=in_class))
        if piece in {"[", "[^"} and not in_class:
            in_class = True
        elif piece == "]":
            in_class = False
    return "".join(out)


def _python(piece: str, *, in_class: bool) -> str:
    if piece.startswith(r"\p{"):
        members = _category(piece[3:-1])
        return members if in_class else f"[{members}]"
    if piece == "." and not in_class:
        return _DOT
    if in_class and piece in {"[", "[^"}:
        return piece.replace("[", r"\[")
    if in_class and piece.endswith("-"):
        return piece[:-1] + r"\-" if len(piece) > 2 else piece  # noqa: PLR2004 - `\d-`, not `-`
    if len(piece) > 2 and piece.startswith(r"\u"):  # noqa: PLR2004 - more than an escape
        high, low = int(piece[2:6], 16), int(piece[8:12], 16)
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"
    return piece


def _category(name: str) -> str:
    """The inside of a character class for a category such as `L` or `Lu`."""
    ascii_part = (char for char in _ASCII if unicodedata.category(char).startswith(name))
    stand_ins = (char for category, char in _STAND_INS.items() if category.startswith(name))
    return "".join(map(re.escape, (*ascii_part, *stand_ins)))


def _projected(text: str, kept: frozenset[str]) -> str:
    if text.isascii():
        return text
    return "".join(
        char if char.isascii() or char in kept else _STAND_INS[unicodedata.category(char)]
        for char in text
    )


def _bounded(test: Callable[[str], bool], pattern: str) -> Callable[[str], bool]:
    if is_one_class(pattern):
        return test
    return lambda text: len(text) <= LONGEST_COMPLEX and test(text)
