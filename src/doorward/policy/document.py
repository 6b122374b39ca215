"""Policy documents as frozen values, read leniently: as much as can be judged is kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, NoReturn

from doorward.errors import PolicyError
from doorward.policy.fields import Condition, Names, Unreadable, conditions, names, one_of, texts
from doorward.policy.source import Items, Members, Node, Number, Span, fault, read, statement_spans

KINDS: Final = frozenset(
    {"identity", "resource", "trust", "session", "boundary", "scp", "rcp", "endpoint"}
)
NAMING: Final = frozenset({"resource", "trust", "rcp", "endpoint"})
"""Kinds whose statements say whom they are about."""
VERSIONS: Final = ("2012-10-17", "2008-10-17")
OLDEST: Final = "2008-10-17"

_SMALL: Final = 8192
_NOWHERE: Final = Span(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Statement:
    """One statement; of each pair (`actions`, `not_actions`, …) the absent one is `None`.

    Attributes:
        index: Its place in the document, from 0.
        fault: Why it stands for a document that cannot be evaluated; else empty.
        document: The whole text it comes from.
        raw: The statement's JSON object; numbers are kept as text.
        derived: What the compiler remembers about it.
    """

    index: int
    effect: str
    kind: str
    version: str
    document: str
    sid: str | None = None
    principals: Names | None = None
    not_principals: Names | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    derived: dict[str, Any] = field(default_factory=dict, init=False)

    @property
    def is_deny(self) -> bool:
        """Whether it takes away."""
        return self.effect == "Deny"

    @property
    def span(self) -> Span:
        """Its place in the document; all zero where the document cannot be read."""
        try:
            return _NOWHERE if self.fault else statement_spans(self.document)[self.index]
        except PolicyError:  # it can be judged, but nests deeper than what points at places
            return _NOWHERE

    @property
    def line(self) -> int:
        """Line, from 1, right after the token before the statement."""
        return self.span.line

    @property
    def column(self) -> int:
        """Column, from 1, right after the token before the statement."""
        return self.span.column

    @property
    def end_line(self) -> int:
        """Line right after the closing brace."""
        return self.span.end_line

    @property
    def end_column(self) -> int:
        """Column right after the closing brace."""
        return self.span.end_column

    def __repr__(self) -> str:
        return f"<Statement {self.index} {self.sid or ''} {self.effect}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Policy:
    """A policy document. Equal texts of one kind are one value, compiled once.

    Attributes:
        version: As judged: a missing Version is `2008-10-17`.
        id: The document's `Id`, if it has one.
        derived: What the compiler remembers about it.
    """

    text: str
    kind: str
    version: str
    statements: tuple[Statement, ...]
    id: str | None = None
    derived: dict[str, Any] = field(default_factory=dict, init=False)

    @staticmethod
    def parse(text: str, kind: str = "identity") -> "Policy":
        """Read a document for evaluation; `grammar.check` is the strict reading for storing one.

        Args:
            text: JSON.
            kind: `identity`, `resource`, `trust`, `session`, `boundary`, `scp`, `rcp`, `endpoint`.

        Raises:
            PolicyError: the text cannot be understood as a policy at all.
        """
        return _cached(text, kind)

    @staticmethod
    def parse_or_deny(text: str, kind: str = "identity") -> "Policy":
        """As `parse`, but what cannot be understood becomes a policy that denies everything."""
        try:
            return _cached(text, kind)
        except PolicyError as error:
            return Policy(text, kind, OLDEST, (_deny_all(text, kind, error),))

    def __repr__(self) -> str:
        return f"<Policy {self.kind} {len(self.statements)} statements>"


def _deny_all(text: str, kind: str, error: PolicyError) -> Statement:
    everyone = {"*": ("*",)} if kind in NAMING else None
    return Statement(
        *(0, "Deny", kind, OLDEST, text),
        principals=everyone,
        actions=("*",),
        resources=("*",),
        fault=f"could not evaluate the document: {error}",
    )


def _cached(text: str, kind: str) -> Policy:
    return (_small if len(text) <= _SMALL else _large)(text, kind)


def _parse(text: str, kind: str) -> Policy:
    if kind not in KINDS:
        raise PolicyError(f'"{kind}" is not a kind of policy')
    data = _load(text)
    try:
        return _policy(text, kind, data)
    except Unreadable as unreadable:
        raise _located(text, unreadable) from None


# SPEED: two bounds instead of one, so that many large documents cannot fill the memory.
_small = lru_cache(maxsize=4096)(_parse)
_large = lru_cache(maxsize=128)(_parse)


def _located(text: str, unreadable: Unreadable) -> PolicyError:
    """The error with its place: the deepest node on the path that exists."""
    node = read(text)
    for step in unreadable.path:
        node = _child(node, step) or node
    return fault(text, node.start, unreadable.reason, spelled(unreadable.path), kind="")


def spelled(path: tuple[str | int, ...]) -> str:
    """A path as people write it: `Statement[0].Condition.StringEquals`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node.value, Items) and isinstance(step, int):
        return node.value[step]
    return node.value.get(str(step)) if isinstance(node.value, Members) else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# SPEED: the standard library's scanner is C; `source.read` is asked only where something is wrong.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=Number, parse_float=Number, parse_constant=_no_constant
)


def _load(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        read(text)
        raise PolicyError("the document is not JSON") from None


def _policy(text: str, kind: str, data: Any) -> Policy:
    if not isinstance(data, dict):
        raise Unreadable("a policy is a JSON object")
    version = data.get("Version", OLDEST)
    if version not in VERSIONS:
        raise Unreadable(f"Version is {' or '.join(VERSIONS)}", "Version")
    body = data.get("Statement")
    if not isinstance(body, dict | list):
        raise Unreadable("a policy needs a Statement: one object, or a list of them", "Statement")
    listed = [((), body)] if isinstance(body, dict) else [((i,), one) for i, one in enumerate(body)]
    statements = tuple(
        _statement(_Source(text, kind, str(version), ("Statement", *at)), index, one)
        for index, (at, one) in enumerate(listed)
    )
    found = data.get("Id")
    return Policy(text, kind, str(version), statements, found if isinstance(found, str) else None)


class _Source(NamedTuple):
    text: str
    kind: str
    version: str
    path: tuple[str | int, ...]


def _statement(source: _Source, index: int, raw: Any) -> Statement:
    path = source.path
    if not isinstance(raw, dict):
        raise Unreadable("a statement is an object", *path)
    effect = raw.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise Unreadable('Effect is "Allow" or "Deny"', *path, "Effect")
    naming = source.kind in NAMING
    one_of(raw, "Action", path, required=True)
    # AWS: a trust policy has no Resource, nor does a policy about assuming roles, so its absence
    # means the resource the policy stands on wherever a policy may stand on one.
    one_of(raw, "Resource", path, required=not naming)
    if naming:
        one_of(raw, "Principal", path, required=True)
    sid = raw.get("Sid")
    return Statement(
        *(index, effect, source.kind, source.version, source.text),
        sid=sid if isinstance(sid, str) else None,
        principals=names(raw, "Principal", path) if naming else None,
        not_principals=names(raw, "NotPrincipal", path) if naming else None,
        actions=texts(raw, "Action", path),
        not_actions=texts(raw, "NotAction", path),
        resources=texts(raw, "Resource", path),
        not_resources=texts(raw, "NotResource", path),
        conditions=conditions(raw.get("Condition", {}), (*path, "Condition")),
        raw=raw,
    )
