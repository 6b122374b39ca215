"""JSON read with the place of every value, so that a fault can be pointed at."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from doorward.errors import PolicyError

DEEPEST: Final = 32
"""Nesting of lists and objects; a policy needs six."""

_SHOWN: Final = 40
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_SPACE: Final = re.compile(r"[ \t\n\r]*+")
_STRING: Final = re.compile(
    r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
)
_NUMBER: Final = re.compile(r"-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+")
_WORD: Final = re.compile(r"[A-Za-z0-9_+.\-$]++")
_CONSTANTS: Final = {"true": True, "false": False, "null": None}


class Number(str):
    """A JSON number as it is written; policies compare text first."""

    __slots__ = ()


class Member(NamedTuple):
    """One `"name": value` of an object; `at` is the offset of the name."""

    name: str
    at: int
    node: "Node"


Content: TypeAlias = "str | bool | Items | Members | None"


class Items(tuple["Node", ...]):
    """A list's values, in order."""

    __slots__ = ()


class Members(tuple[Member, ...]):
    """An object's members, in order, each name once."""

    __slots__ = ()

    def get(self, name: str) -> "Node | None":
        """The value of that name."""
        return next((member.node for member in self if member.name == name), None)


class Node(NamedTuple):
    """A JSON value and where it stands.

    Attributes:
        value: Text, `Number`, bool, None, `Items` for a list, `Members` for an object.
        start: Offset of its first character.
        end: Offset after its last character.
    """

    value: Content
    start: int
    end: int


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    ends = line_ends(text)
    line = bisect_right(ends, offset)
    return line + 1, offset - (ends[line - 1] if line else 0) + 1


# SPEED: an explanation places every statement of a document; reading all that stands before each
# of them took 1 s for 800 statements, and four times that for twice as many.
@lru_cache(maxsize=64)
def line_ends(text: str) -> tuple[int, ...]:
    """The offsets after each end of a line."""
    return tuple(found.end() for found in _LINE_END.finditer(text))


def lines_of(text: str) -> list[str]:
    """The lines of a document, without their ends."""
    # AWS: a carriage return alone ends a line too (recorded positions of the simulator).
    return _LINE_END.split(text)


def fault(
    text: str, offset: int, reason: str, path: str = "", *, kind: str = "json", value: str = ""
) -> PolicyError:
    """The error that points at this offset; `kind` is the stable word for the kind of fault."""
    line, column = place(text, offset)
    return PolicyError(reason, path=path, line=line, column=column, fault=kind, value=value)


def read(text: str) -> Node:
    """Read a JSON document.

    Raises:
        PolicyError: not JSON (RFC 8259), nested too deeply, or a name twice in one object.
    """
    node = _value(text, _skip(text, 0), 0)
    rest = _skip(text, node.end)
    if rest < len(text):
        raise fault(text, rest, f"expected the end of the document before {_seen(text, rest)}")
    return node


class Span(NamedTuple):
    """Where a statement stands, all from 1; the start is right after the token before it.

    Attributes:
        brace_line: Of its own opening brace, which is where a person looks.
    """

    line: int
    column: int
    brace_line: int
    brace_column: int
    end_line: int
    end_column: int


@lru_cache(maxsize=256)
def statement_spans(text: str) -> tuple[Span, ...]:
    """The places of a document's statements, counted as the simulator counts them."""
    root = read(text).value
    found = root.get("Statement") if isinstance(root, Members) else None
    if found is None:
        return ()
    if isinstance(found.value, Members):
        return (_span(text, found.start + 1, found),)
    return tuple(_listed(text, found))


def _listed(text: str, statements: Node) -> Iterator[Span]:
    before = statements.start + 1
    for node in statements.value if isinstance(statements.value, Items) else ():
        yield _span(text, before, node)
        before = node.end


def _span(text: str, start: int, node: Node) -> Span:
    return Span(*place(text, start), *place(text, node.start), *place(text, node.end))


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _seen(text: str, at: int) -> str:
    """The token at this place, short enough for a sentence."""
    if at >= len(text):
        return "the end of the document"
    found = _STRING.match(text, at) or _WORD.match(text, at)
    char = text[at]
    token = found.group() if found else char if "!" <= char <= "~" else f"U+{ord(char):04X}"
    return token if len(token) <= _SHOWN else token[:_SHOWN] + "…"


def _value(text: str, at: int, depth: int) -> Node:
    first = text[at : at + 1]
    if first == '"':
        string, end = _string(text, at)
        return Node(string, at, end)
    if first in {"{", "["} and depth >= DEEPEST:
        raise fault(text, at, f"nested deeper than {DEEPEST} levels")
    if first == "{":
        return _object(text, at, depth)
    if first == "[":
        return _list(text, at, depth)
    return _plain(text, at)


def _string(text: str, at: int) -> tuple[str, int]:
    found = _STRING.match(text, at)
    if not found:
        raise fault(text, at, "a string that is not closed, or holds a character JSON forbids")
    raw = found.group()
    return (str(json.loads(raw)) if "\\" in raw else raw[1:-1]), found.end()


def _plain(text: str, at: int) -> Node:
    number, word = _NUMBER.match(text, at), _WORD.match(text, at)
    if number and word and number.end() == word.end():
        return Node(Number(number.group()), at, number.end())
    if word and word.group() in _CONSTANTS:
        return Node(_CONSTANTS[word.group()], at, word.end())
    raise fault(text, at, f"expected a value before {_seen(text, at)}")


def _list(text: str, start: int, depth: int) -> Node:
    nodes: list[Node] = []
    at = _skip(text, start + 1)
    while text[at : at + 1] != "]":
        if nodes:
            at = _expect(text, at, ",", "]")
        nodes.append(_value(text, at, depth + 1))
        at = _skip(text, nodes[-1].end)
    return Node(Items(nodes), start, at + 1)


def _object(text: str, start: int, depth: int) -> Node:
    members: dict[str, Member] = {}
    at = _skip(text, start + 1)
    while text[at : at + 1] != "}":
        if members:
            at = _expect(text, at, ",", "}")
        member = _member(text, at, depth)
        if member.name in members:
            raise fault(text, at, f'"{member.name[:_SHOWN]}" stands twice in one object')
        members[member.name] = member
        at = _skip(text, member.node.end)
    return Node(Members(members.values()), start, at + 1)


def _member(text: str, at: int, depth: int) -> Member:
    if text[at : at + 1] != '"':
        raise fault(text, at, f"expected a name in double quotes before {_seen(text, at)}")
    name, end = _string(text, at)
    value_at = _expect(text, _skip(text, end), ":", "")
    return Member(name, at, _value(text, value_at, depth + 1))


def _expect(text: str, at: int, token: str, closing: str) -> int:
    if text[at : at + 1] == token:
        return _skip(text, at + 1)
    wanted = f"'{token}'" if at < len(text) or not closing else f"'{token}' or '{closing}'"
    raise fault(text, at, f"expected {wanted} before {_seen(text, at)}")
