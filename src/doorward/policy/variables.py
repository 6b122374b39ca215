"""Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from doorward.policy.match import Pattern, Token, Wild, joined, wildcards

CURRENT: Final = "2012-10-17"
"""The version of the language that has variables; before it `${…}` is plain text."""

Values: TypeAlias = str | tuple[str, ...]


class Quoted(NamedTuple):
    """Text that is never a wildcard: an escape's character."""

    text: str


class Variable(NamedTuple):
    """A place to fill from the request.

    Attributes:
        key: The condition key, in lower case.
        default: Used where the key is missing, never where it is multi-valued.
        spelled: The variable as the policy writes it, braces included.
    """

    key: str
    default: str | None
    spelled: str

    def value(self, context: Mapping[str, Values]) -> str | None:
        """The text to put in, or `None` where the variable has no value."""
        found = context.get(self.key)
        if found is None:
            return self.default
        return found if isinstance(found, str) else None


Part: TypeAlias = str | Quoted | Variable
Template: TypeAlias = tuple[Token | Variable, ...]


def parts(text: str, version: str) -> tuple[Part, ...]:
    """Split text at its variables; plain pieces stay strings in which wildcards are still live."""
    return tuple(_parts(text)) if version == CURRENT else (text,)


def _parts(text: str) -> Iterator[Part]:
    at = 0
    while (start := text.find("${", at)) >= 0 and (end := text.find("}", start)) >= 0:
        if start > at:
            yield text[at:start]
        yield _variable(text[start : end + 1])
        at = end + 1
    if at < len(text):
        yield text[at:]


def _variable(spelled: str) -> Part:
    body = spelled[2:-1]
    if body in {"*", "?", "$"}:
        return Quoted(body)
    key, comma, default = body.partition(", '")
    if comma and default.endswith("'"):
        return Variable(key.lower(), default[:-1], spelled)
    return Variable(body.lower(), None, spelled)


def literal(pieces: Iterable[Part]) -> Template:
    """A template in which `*` and `?` are ordinary characters."""
    return template(piece.text if isinstance(piece, Quoted) else piece for piece in pieces)


def pattern(pieces: Iterable[Part]) -> Template:
    """A template in which `*` and `?` outside escapes and variables are wildcards."""
    return template(_live(pieces))


def _live(pieces: Iterable[Part]) -> Iterator[Token | Variable]:
    for piece in pieces:
        if isinstance(piece, Quoted):
            yield piece.text
        elif isinstance(piece, str):
            yield from wildcards(piece)
        else:
            yield piece


def template(tokens: Iterable[Token | Variable]) -> Template:
    """Tokens as a template, joined already where there is nothing left to fill."""
    out = tuple(tokens)
    fixed = tuple(token for token in out if not isinstance(token, Variable))
    return joined(fixed) if len(fixed) == len(out) else out


def fixed(given: Template) -> Pattern | None:
    """The template as a pattern, or `None` where it has variables."""
    out: list[str | Wild] = []
    for token in given:
        if isinstance(token, Variable):
            return None
        out.append(token)
    return tuple(out)


def fill(given: Template, context: Mapping[str, Values]) -> Pattern | None:
    """The template with its values put in as literal text; `None` where one has no value."""
    out: list[str | Wild] = []
    for token in given:
        if isinstance(token, Variable):
            value = token.value(context)
            if value is None:
                return None
            out.append(value)
        else:
            out.append(token)
    return joined(out)
