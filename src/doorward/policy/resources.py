"""Resource and NotResource: ARN patterns against the resource of a request."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeAlias, cast

from doorward.policy.arn import FIELDS
from doorward.policy.document import Statement
from doorward.policy.match import ANY, Match, Token, Wild, glob
from doorward.policy.request import Request
from doorward.policy.variables import (
    Part,
    Quoted,
    Template,
    Variable,
    fill,
    fixed,
    parts,
    pattern,
    template,
)

ResourceTest: TypeAlias = Callable[[Request], bool]

_SERVICE: Final = 2
_LAST: Final = FIELDS - 1
_WILD_OR_VARIABLE: Final = frozenset("*?$")
_ALL_BUCKETS: Final = "arn:aws:s3:::*"
_LIST_BUCKETS: Final = "s3:listallmybuckets"
_ANY_RESOURCE: Final = frozenset({"*", _ALL_BUCKETS})
_PLAIN: Final = re.compile(r"(?:[^:*?$]*+:){5}+[^*?$]*+")
_FILLS_SHORT_ARNS: Final = frozenset({"identity", "session", "boundary"})
_FILLS_SHORT_WILD_ARNS: Final = frozenset({"resource", "trust", "endpoint"})


@lru_cache(maxsize=4096)
def templates(text: str, kind: str, version: str) -> tuple[Template, ...]:
    """The patterns a Resource value stands for: more than one where an ARN is short.

    A star that ends a segment may run on past the colon; other wildcards of the first five segments
    stay inside theirs, and in the resource part both match colons too. The service is compared as
    text, unless the pattern ends there.
    """
    *head, last = text.split(":", _LAST)
    if len(head) == _LAST and not _WILD_OR_VARIABLE.intersection(begin := ":".join(head)):
        return (template((begin + ":", *pattern(parts(last, version)))),)
    tokens = list(_segmented(parts(text, version)))
    colons = sum(token.count(":") for token in tokens if isinstance(token, str))
    exact = template(tokens)
    if colons >= _LAST or not _fills(text, kind) or text.endswith("*"):
        return (exact,)
    missing: list[Token | Variable] = [":", ANY] * (_LAST - colons)
    return exact, template([*tokens, *missing])


def _fills(text: str, kind: str) -> bool:
    """Whether the missing segments of a short ARN count as `*` in this kind of policy.

    AWS's pages are silent; these are the rules cloud-copilot/iam-simulate tests for.
    """
    wild = "*" in text or "?" in text
    return kind in _FILLS_SHORT_ARNS or (wild and kind in _FILLS_SHORT_WILD_ARNS)


def _segmented(pieces: Iterable[Part]) -> Iterator[Token | Variable]:
    """Tokens in which each wildcard knows how far it may reach."""
    segment = 0
    pieces = list(pieces)
    for index, piece in enumerate(pieces):
        final = index == len(pieces) - 1
        if isinstance(piece, str):
            head, segment, rest = _head(piece, segment, final=final)
            yield from head
            yield from _rest(rest)
        elif segment < _LAST:
            yield piece.spelled if isinstance(piece, Variable) else f"${{{piece.text}}}"
        else:
            yield piece.text if isinstance(piece, Quoted) else piece


def _head(piece: str, segment: int, *, final: bool) -> tuple[list[Token], int, str]:
    """Tokens up to the fifth colon, the segment reached, and the text that is left."""
    out: list[Token] = []
    for at, char in enumerate(piece):
        if segment == _LAST:
            return out, segment, piece[at:]
        ends = at + 1 == len(piece)
        before_colon = not ends and piece[at + 1] == ":"
        if char == ":":
            segment += 1
            out.append(char)
        else:
            out.append(_token(char, segment, last=(ends and final), before_colon=before_colon))
    return out, segment, ""


def _token(char: str, segment: int, *, last: bool, before_colon: bool) -> Token:
    if char == "*" and (last or (before_colon and segment != _SERVICE)):
        return ANY
    if segment == _SERVICE or char not in "*?":
        return char
    return Wild.ANY_INSIDE if char == "*" else Wild.ONE_INSIDE


def _rest(text: str) -> Iterator[Token]:
    for char in text:
        yield Wild(char) if char in "*?" else char


def prefixes(statement: Statement) -> tuple[tuple[str, bool], ...] | None:
    """What a matching resource must begin with, one for each pattern, and whether it is all.

    `None` where the statement may apply to any resource.
    """
    if statement.resources is None:
        return None
    found: list[tuple[str, bool]] = []
    for text in statement.resources:
        if text in _ANY_RESOURCE:
            return None
        # SPEED: asked of every statement of a principal; most patterns need not be taken apart.
        plain = _PLAIN.match(text)
        if plain:
            found.append((plain.group(), plain.end() == len(text)))
        else:
            found += map(_prefix, templates(text, statement.kind, statement.version))
    return tuple(found)


def _prefix(given: Template) -> tuple[str, bool]:
    first = given[0] if given else ""
    return (first, len(given) == 1) if isinstance(first, str) else ("", False)


def compile_resources(statement: Statement) -> ResourceTest | None:
    """The test of a statement's Resource or NotResource; `None` where every resource passes."""
    kind, version = statement.kind, statement.version
    if statement.not_resources is not None:
        return _none_of([_one(text, kind, version) for text in statement.not_resources], statement)
    if statement.resources is None or "*" in statement.resources:
        return None
    tests = [_one(text, kind, version) for text in statement.resources]
    if len(tests) == 1:
        (only,) = tests
        static = fixed(templates(statement.resources[0], kind, version)[0]) is not None
        # SPEED: without variables the answer is never `None`, so no further call around it.
        return cast("ResourceTest", only) if static else lambda request: only(request) is True
    return lambda request: any(test(request) for test in tests)


_Maybe: TypeAlias = Callable[[Request], bool | None]


def _none_of(tests: list[_Maybe], statement: Statement) -> ResourceTest:
    deny = statement.is_deny

    def test(request: Request) -> bool:
        found = [one(request) for one in tests]
        # INVARIANT: what cannot be filled in neither grants nor escapes a Deny.
        return deny if None in found else True not in found

    return test


def _one(text: str, kind: str, version: str) -> _Maybe:
    """Whether one pattern matches; `None` where a variable in it has no value."""
    if text == "*":
        return lambda _: True
    given = templates(text, kind, version)
    tests = [glob(known) for one in given if (known := fixed(one)) is not None]
    if len(tests) != len(given):
        return _filled(given)
    if text == _ALL_BUCKETS:
        return _all_buckets(tests[0])
    if len(tests) == 1 and not text.startswith(("*", "?")):
        return _plain(given[0], tests[0])
    return lambda request: _known(tests, request.resource)


def _plain(given: Template, match: Match) -> _Maybe:
    first = given[0] if given else ""
    # SPEED: most patterns are a beginning and a star; one call less for each of them.
    if isinstance(first, str) and given[1:] == (ANY,):
        return lambda request: request.resource.startswith(first)
    return lambda request: match(request.resource)


def _known(tests: Iterable[Match], resource: str) -> bool:
    # AWS: a request without a resource (`*`) matches a policy resource of exactly `*` only.
    return resource != "*" and any(match(resource) for match in tests)


def _all_buckets(match: Match) -> _Maybe:
    # AWS: the evaluation page's own example grants this action on this ARN.
    return lambda request: (
        match(request.resource) or (request.resource == "*" and request.folded == _LIST_BUCKETS)
    )


def _filled(given: tuple[Template, ...]) -> _Maybe:
    def test(request: Request) -> bool | None:
        patterns = [fill(one, request.context) for one in given]
        known = [glob(one) for one in patterns if one is not None]
        return _known(known, request.resource) if len(known) == len(patterns) else None

    return test
