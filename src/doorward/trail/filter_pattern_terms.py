"""Unstructured filter patterns: terms that must be there, may be there (`?`) or must not (`-`)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from doorward.trail.filter_pattern_values import BadPattern, regex

_TERM = re.compile(
    r'\s*(?P<sign>[?-]?)(?:"(?P<quoted>(?:\\.|[^"\\])*)"|%(?P<regex>(?:\\.|[^%\\])*)%|(?P<bare>\w+))'
    r"(?=\s|$)"
)
_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Terms:
    """Tests of the whole message, by their sign."""

    wanted: tuple[Test, ...]
    optional: tuple[Test, ...]
    unwanted: tuple[Test, ...]

    def matches(self, message: str) -> bool:
        """Whether the message has what it should and lacks what it must not have."""
        # AWS: `?` is ignored beside terms without it.
        if self.wanted or self.unwanted:
            return all(test(message) for test in self.wanted) and not any(
                test(message) for test in self.unwanted
            )
        return not self.optional or any(test(message) for test in self.optional)


def read_terms(text: str) -> Terms:
    """Read an unstructured pattern; an empty one matches everything.

    Raises:
        BadPattern: a term has characters that need quotation marks.
    """
    found: dict[str, list[Test]] = {"": [], "?": [], "-": []}
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TERM.match(text, position)
        if match is None:
            term = text[position:].split(None, 1)[0]
            raise BadPattern(f"Invalid character(s) in term '{term}'")
        found[match["sign"]].append(_test(match))
        position = match.end()
    return Terms(tuple(found[""]), tuple(found["?"]), tuple(found["-"]))


def _test(match: re.Match[str]) -> Test:
    if match["regex"] is not None:
        return regex(match["regex"])
    quoted = match["quoted"]
    term: str = match["bare"] if quoted is None else _UNESCAPED.sub(r"\1", quoted)
    return lambda message: term in message
