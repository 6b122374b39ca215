"""Policy documents as frozen values, read leniently: as much as can be judged is kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, NoReturn

from doorward.errors import PolicyError
from doorward.policy.source import Members, Node, Number, Span, fault, read, statement_spans

KINDS: Final = frozenset(
    {"identity", "resource", "trust", "session", "boundary", "scp", "rcp", "endpoint"}
)
NAMING: Final = frozenset({"resource", "trust", "rcp", "endpoint"})
"""Kinds whose statements say whom they are about."""
VERSIONS: Final = ("2012-10-17", "2008-10-17")
OLDEST: Final = "2008-10-17"

_SMALL: Final = 8192

Names = Mapping[str, tuple[str, ...]]
"""A Principal element: type to values; the bare `"*"` is `{"*": ("*",)}`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key, its values as text."""

    operator: str
    key: str
    values: tuple[str, ...]


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
        return Span(0, 0, 0, 0) if self.fault else statement_spans(self.document)[self.index]

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
    except _Unreadable as unreadable:
        raise _located(text, unreadable) from None


# SPEED: two bounds instead of one, so that many large documents cannot fill the memory.
_small = lru_cache(maxsize=4096)(_parse)
_large = lru_cache(maxsize=128)(_parse)


class _Unreadable(Exception):  # noqa: N818 - turned into a PolicyError with its place
    def __init__(self, reason: str, *path: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


def _located(text: str, unreadable: _Unreadable) -> PolicyError:
    """The error with its place: the deepest node on the path that exists."""
    node = read(text)
    for step in unreadable.path:
        node = _child(node, step) or node
    return fault(text, node.start, unreadable.reason, spelled(unreadable.path))


def spelled(path: tuple[str | int, ...]) -> str:
    """A path as people write it: `Statement[0].Condition.StringEquals`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node.value, Members):
        return node.value.get(str(step))
    if isinstance(node.value, tuple) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child if isinstance(child, Node) else None
    return None


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
        raise _Unreadable("a policy is a JSON object")
    version = data.get("Version", OLDEST)
    if version not in VERSIONS:
        raise _Unreadable(f"Version is {' or '.join(VERSIONS)}", "Version")
    body = data.get("Statement")
    if not isinstance(body, dict | list):
        raise _Unreadable("a policy needs a Statement: one object, or a list of them", "Statement")
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
        raise _Unreadable("a statement is an object", *path)
    effect = raw.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise _Unreadable('Effect is "Allow" or "Deny"', *path, "Effect")
    naming = source.kind in NAMING
    _one_of(raw, "Action", path, required=True)
    # AWS: a trust policy has no Resource, nor does a policy about assuming roles, so its absence
    # means the resource the policy stands on wherever a policy may stand on one.
    _one_of(raw, "Resource", path, required=not naming)
    if naming:
        _one_of(raw, "Principal", path, required=True)
    sid = raw.get("Sid")
    return Statement(
        *(index, effect, source.kind, source.version, source.text),
        sid=sid if isinstance(sid, str) else None,
        principals=_names(raw, "Principal", path) if naming else None,
        not_principals=_names(raw, "NotPrincipal", path) if naming else None,
        actions=_texts(raw, "Action", path),
        not_actions=_texts(raw, "NotAction", path),
        resources=_texts(raw, "Resource", path),
        not_resources=_texts(raw, "NotResource", path),
        conditions=_conditions(raw.get("Condition", {}), (*path, "Condition")),
        raw=raw,
    )


def _one_of(raw: dict[str, Any], name: str, path: tuple[str | int, ...], *, required: bool) -> None:
    present = (name in raw) + (f"Not{name}" in raw)
    if present > 1:
        raise _Unreadable(f"{name} and Not{name} exclude each other", *path, f"Not{name}")
    if required and not present:
        raise _Unreadable(f"a statement needs {name} or Not{name}", *path)


def _texts(raw: dict[str, Any], name: str, path: tuple[str | int, ...]) -> tuple[str, ...] | None:
    value = raw.get(name)
    if value.__class__ is str:
        return (value,)
    if value is None and name not in raw:
        return None
    if isinstance(value, list) and all(one.__class__ is str for one in value):
        return tuple(value)
    raise _Unreadable(f"{name} is a string or a list of strings", *path, name)


def _names(raw: dict[str, Any], name: str, path: tuple[str | int, ...]) -> Names | None:
    value = raw.get(name)
    if name not in raw:
        return None
    if value == "*":
        return {"*": ("*",)}
    if not isinstance(value, dict):
        raise _Unreadable(f'{name} is "*" or an object', *path, name)
    return {kind: _texts(value, kind, (*path, name)) or () for kind in value}


def _conditions(raw: Any, path: tuple[str | int, ...]) -> tuple[Condition, ...]:
    if not isinstance(raw, dict):
        raise _Unreadable("Condition is an object of operators", *path)
    out: list[Condition] = []
    for operator, keys in raw.items():
        if not isinstance(keys, dict):
            raise _Unreadable("an operator holds an object of condition keys", *path, operator)
        out.extend(
            Condition(operator, key, _values(given, (*path, operator, key)))
            for key, given in keys.items()
        )
    return tuple(out)


def _values(given: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(_value(one, path) for one in (given if isinstance(given, list) else [given]))


def _value(one: Any, path: tuple[str | int, ...]) -> str:
    """Compare as text first: the quotes are optional for numbers and booleans."""
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, str):
        return str(one)
    raise _Unreadable("a condition's value is a string, a number or a boolean", *path)
