"""Conditions joined by `&&`, `||` and parentheses, as in `{ ... }` and in the fields of `[ ... ]`.

`&&` binds before `||`. Source: CloudWatch Logs guide, "Filter pattern syntax".
"""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from doorward.trail.filter_pattern_values import BadPattern, Literal, comparison, regex

DEEPEST = 50
MOST_REGEXES = 2
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<join>&&|\|\||[()])
  | (?P<compare><=|>=|!=|=|<|>)
  | "(?P<quoted>(?:\\.|[^"\\])*)"
  | %(?P<regex>(?:\\.|[^%\\])*)%
  | (?P<selector>\$(?:\.?\[\s*(?:\*|\d{1,9}|"[^"]*"|'[^']*')\s*\]|\.[\w\-:@/]+)*)
  | (?P<bare>(?:[^\s()&|<>=!"%$,{}]|&(?!&)|\|(?!\|))+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_TESTS = {
    ("IS", "NULL"): lambda value: value is None,
    ("IS", "TRUE"): lambda value: value is True,
    ("IS", "FALSE"): lambda value: value is False,
}

Test: TypeAlias = Callable[[object], bool]


class Token(NamedTuple):
    """A piece of a pattern and what kind of piece it is."""

    kind: str
    text: str


class Condition(NamedTuple):
    """A test of one field; `exists` is False where it holds of a field that is not there."""

    selector: str
    test: Test
    exists: bool = True


class All(NamedTuple):
    """Every part holds."""

    parts: "tuple[Expression, ...]"


class AnyOf(NamedTuple):
    """Some part holds."""

    parts: "tuple[Expression, ...]"


Expression: TypeAlias = Condition | All | AnyOf


def holds(expression: Expression, condition_holds: Callable[[Condition], bool]) -> bool:
    """Evaluate an expression; conditions are judged by whoever knows where fields are."""
    if isinstance(expression, Condition):
        return condition_holds(expression)
    outcome = (holds(part, condition_holds) for part in expression.parts)
    return all(outcome) if isinstance(expression, All) else any(outcome)


def conditions_of(expression: Expression) -> list[Condition]:
    """The conditions, from left to right."""
    if isinstance(expression, Condition):
        return [expression]
    return [each for part in expression.parts for each in conditions_of(part)]


def read_expression(text: str, kind: str) -> Expression:
    """Read the inside of a pattern whose fields are of that kind of token.

    Raises:
        BadPattern: it is not of the language.
    """
    reader = _Reader(_tokens(text), kind)
    found = reader.any_of(0)
    if reader.ahead:
        raise BadPattern(f"Unexpected {reader.ahead.text!r} in the filter pattern")
    return found


def _tokens(text: str) -> list[Token]:
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadPattern(f"Invalid character(s) in term '{text[position:].strip()[:40]}'")
        kind = match.lastgroup or ""
        found.append(Token(kind, match.group(kind)))
        position = match.end()
    if sum(token.kind == "regex" for token in found) > MOST_REGEXES:
        raise BadPattern(f"A filter pattern has at most {MOST_REGEXES} regular expressions")
    return found


class _Reader:
    """Reads by descent; bounded in depth."""

    def __init__(self, tokens: list[Token], kind: str) -> None:
        self._tokens = tokens
        self._at = 0
        self._kind = kind

    @property
    def ahead(self) -> Token | None:
        """The next token."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def any_of(self, depth: int) -> Expression:
        parts = [self._all_of(depth)]
        while self._take("join", "||"):
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._take("join", "&&"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise BadPattern("The filter pattern is nested too deeply")
        if self._take("join", "("):
            inner = self.any_of(depth + 1)
            self._need("join", ")")
            return inner
        return self._condition()

    def _condition(self) -> Condition:
        selector = self._need(self._kind).text
        token = self._need()
        if token.kind == "compare":
            return Condition(selector, comparison(token.text, self._literal()))
        word = token.text.upper()
        if word == "EXISTS":
            return Condition(selector, lambda _: True)
        following = self._need().text.upper()
        if (word, following) == ("NOT", "EXISTS"):
            return Condition(selector, lambda _: False, exists=False)
        test = _TESTS.get((word, following))
        if test is None:
            raise BadPattern(f"Expected a comparison after {selector!r}, got {token.text!r}")
        return Condition(selector, test)

    def _literal(self) -> Literal:
        token = self._need()
        if token.kind not in {"quoted", "bare", "regex"}:
            raise BadPattern(f"Expected a value, got {token.text!r}")
        if token.kind == "regex":
            regex(token.text)
        text = _UNESCAPED.sub(r"\1", token.text) if token.kind == "quoted" else token.text
        return Literal(text, token.kind)

    def _take(self, kind: str, text: str) -> bool:
        if self.ahead != Token(kind, text):
            return False
        self._at += 1
        return True

    def _need(self, kind: str | None = None, text: str | None = None) -> Token:
        token = self.ahead
        wanted = text or kind or "more"
        if token is None:
            raise BadPattern(f"The filter pattern ends where {wanted!r} is expected")
        if (kind and token.kind != kind) or (text and token.text != text):
            raise BadPattern(f"Expected {wanted!r} in the filter pattern, got {token.text!r}")
        self._at += 1
        return token


_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)
