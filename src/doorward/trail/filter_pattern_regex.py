"""The regular expressions of filter patterns, `%...%`: a small language, run in linear time.

There are no groups, so an expression is a choice of sequences, each a run of characters or classes
with how often they come. It runs as an automaton whose states are the bits of one integer; nothing
is tried twice, however the expression was made.

Source: CloudWatch Logs guide, "Supported regular expressions (regex) syntax".
"""

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_STATES = 128
MOST_REMEMBERED = 65_536
OTHER_LITERALS = frozenset(":_#=@/;,- \"'&~")
_DIGITS = frozenset(string.digits)
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_BLANK = frozenset(" \t\n\r\f\v")
_NAMED = {"d": _DIGITS, "w": _WORD, "s": _BLANK}
_TIMES = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_CHOICE = re.compile(r"((?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\|\[])*)(\||$)", re.DOTALL)
_CLASS_PART = re.compile(r"\\[dwsDWS]|(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)

Test = Callable[[str], bool]


class BadRegex(ValueError):  # noqa: N818 - what it is, in two words
    """An expression the language does not have."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One character of a sequence: which, and whether it may be left out or come again."""

    fits: Test
    optional: bool = False
    again: bool = False


@lru_cache(512)
def searcher(expression: str) -> Test:
    """A test whether the expression is found anywhere in a text.

    Raises:
        BadRegex: it is not of the language, or needs too many states.
    """
    machine = _Machine()
    position = 0
    while True:
        found = _CHOICE.match(expression, position)
        if found is None:
            raise BadRegex("a bracket or an escape is not finished")
        machine.add(found.group(1))
        if not found.group(2):
            break
        position = found.end()
    return machine.found_in


class _Machine:
    """All sequences side by side; the state before step i of a sequence is one bit."""

    def __init__(self) -> None:
        self._steps: list[_Step | None] = []
        self._reach: list[int] = []
        self._anywhere = self._first = self._accept = self._accept_last = 0

    def add(self, sequence: str) -> None:
        """Add a sequence of the choice."""
        from_start, to_end = sequence.startswith("^"), _ends_anchored(sequence)
        body = sequence[from_start : len(sequence) - to_end]
        start = 1 << len(self._steps)
        for step in _steps(body):
            if len(self._steps) >= MOST_STATES:
                raise BadRegex("the expression is too long")
            self._steps.append(step)
        end = 1 << len(self._steps)
        self._steps.append(None)
        self._reach += _reaches(self._steps[len(self._reach) :], len(self._reach))
        first = self._reach[start.bit_length() - 1]
        self._first |= first
        self._anywhere |= 0 if from_start else first
        self._accept_last |= end
        self._accept |= 0 if to_end else end

    def found_in(self, text: str) -> bool:
        """Whether it is found."""
        state, anywhere = self._first, self._anywhere
        for char in text:
            if state & self._accept:
                return True
            state = self._after(state, char) | anywhere
        return bool(state & self._accept_last)

    def _after(self, state: int, char: str) -> int:
        known = _REMEMBERED.get((self, state, char))
        if known is not None:
            return known
        # INVARIANT: one bound for all expressions; whoever may test patterns has thousands.
        if len(_REMEMBERED) >= MOST_REMEMBERED:
            _REMEMBERED.clear()
        following = 0
        for index, step in _set_bits(state, self._steps):
            if step is not None and step.fits(char):
                following |= self._reach[index if step.again else index + 1]
        _REMEMBERED[self, state, char] = following
        return following


_REMEMBERED: dict[tuple[_Machine, int, str], int] = {}


def _reaches(steps: list[_Step | None], offset: int) -> list[int]:
    """From before each step, the states that leaving steps out leads to, itself included."""
    found: list[int] = []
    for index, step in reversed(list(enumerate(steps, offset))):
        beyond = found[-1] if step is not None and step.optional else 0
        found.append(1 << index | beyond)
    return found[::-1]


def _set_bits(state: int, steps: list[_Step | None]) -> Iterator[tuple[int, _Step | None]]:
    while state:
        index = (state & -state).bit_length() - 1
        yield index, steps[index]
        state &= state - 1


def _ends_anchored(sequence: str) -> bool:
    body = sequence.removesuffix("$")
    slashes = len(body) - len(body.rstrip("\\"))
    return body != sequence and slashes % 2 == 0


def _steps(body: str) -> Iterator[_Step]:
    position = 0
    while position < len(body):
        fits, position = _atom(body, position)
        least, most, position = _times(body, position)
        yield from (_Step(fits) for _ in range(least))
        if most is None:
            yield _Step(fits, optional=True, again=True)
        else:
            yield from (_Step(fits, optional=True) for _ in range(most - least))


def _atom(body: str, position: int) -> tuple[Test, int]:
    char = body[position]
    if char == "\\":
        return _escaped(body[position + 1]), position + 2
    if char == "[":
        end = _class_end(body, position)
        return _class(body[position + 1 : end]), end + 1
    if char == ".":
        return (lambda _: True), position + 1
    if (char.isascii() and char.isalnum()) or char in OTHER_LITERALS:
        return char.__eq__, position + 1
    raise BadRegex(f"{char!r} cannot stand here")


def _escaped(char: str) -> Test:
    if char.lower() in _NAMED:
        chars = _NAMED[char.lower()]
        return chars.__contains__ if char.islower() else lambda given: given not in chars
    if not char.isascii() or char.isalnum():
        raise BadRegex(f"\\{char} is not supported")
    return char.__eq__


def _class_end(body: str, start: int) -> int:
    position = start + 1
    while body[position] != "]":
        position += 2 if body[position] == "\\" else 1
    return position


def _class(inside: str) -> Test:
    negated = inside.startswith("^")
    tests = [_class_part(part) for part in _CLASS_PART.finditer(inside, int(negated))]
    if not tests:
        raise BadRegex("a class is empty")
    return lambda char: any(test(char) for test in tests) is not negated


def _class_part(part: re.Match[str]) -> Test:
    first, last = part.group(1), part.group(2)
    if first is None or (last is None and first.startswith("\\")):
        return _escaped(part.group()[1])
    low = first[-1]
    if last is None:
        return low.__eq__
    high = last[-1]
    if low > high:
        raise BadRegex(f"the range {low}-{high} is empty")
    return lambda char: low <= char <= high


def _times(body: str, position: int) -> tuple[int, int | None, int]:
    """How often the atom before comes: at least, at most (None: no end), and where to go on."""
    mark = body[position : position + 1]
    if mark and mark in "*+?":
        return _MARKS[mark][0], _MARKS[mark][1], position + 1
    found = _TIMES.match(body, position)
    if found is None:
        return 1, 1, position
    least = int(found.group(1))
    most = int(found.group(3)) if found.group(3) else None if found.group(2) else least
    if max(least, most or 0) > MOST_STATES or (most is not None and most < least):
        raise BadRegex(f"{found.group()} is out of range")
    return least, most, found.end()


_MARKS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
