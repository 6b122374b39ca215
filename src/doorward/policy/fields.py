"""The elements of a statement, read leniently."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Names: TypeAlias = Mapping[str, tuple[str, ...]]
"""A Principal element: type to values; the bare `"*"` is `{"*": ("*",)}`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key, its values as text."""

    operator: str
    key: str
    values: tuple[str, ...]


class Unreadable(Exception):  # noqa: N818 - turned into a PolicyError with its place
    """An element cannot be judged; says where in the document."""

    def __init__(self, reason: str, *path: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


def one_of(raw: dict[str, Any], name: str, path: Path, *, required: bool) -> None:
    """Refuse both of a pair, and neither where one is required."""
    present = (name in raw) + (f"Not{name}" in raw)
    if present > 1:
        raise Unreadable(f"{name} and Not{name} exclude each other", *path, f"Not{name}")
    if required and not present:
        raise Unreadable(f"a statement needs {name} or Not{name}", *path)


def texts(raw: dict[str, Any], name: str, path: Path) -> tuple[str, ...] | None:
    """The strings of an element that is one or a list of them; `None` where it is absent."""
    value = raw.get(name)
    if value.__class__ is str:
        return (value,)
    if value is None and name not in raw:
        return None
    if isinstance(value, list) and all(one.__class__ is str for one in value):
        return tuple(value)
    raise Unreadable(f"{name} is a string or a list of strings", *path, name)


def names(raw: dict[str, Any], name: str, path: Path) -> Names | None:
    """A Principal or NotPrincipal; `None` where it is absent."""
    value = raw.get(name)
    if name not in raw:
        return None
    if value == "*":
        return {"*": ("*",)}
    if not isinstance(value, dict):
        raise Unreadable(f'{name} is "*" or an object', *path, name)
    # INVARIANT: the key "*" is how the bare "*" is kept, so taken as a type it would name everyone.
    if "*" in value:
        raise Unreadable('"*" is no type of principal', *path, name, "*")
    return {kind: texts(value, kind, (*path, name)) or () for kind in value}


def conditions(raw: Any, path: Path) -> tuple[Condition, ...]:
    """A Condition element, flat."""
    if not isinstance(raw, dict):
        raise Unreadable("Condition is an object of operators", *path)
    out: list[Condition] = []
    for operator, keys in raw.items():
        if not isinstance(keys, dict):
            raise Unreadable("an operator holds an object of condition keys", *path, operator)
        out.extend(
            Condition(operator, key, _values(given, (*path, operator, key)))
            for key, given in keys.items()
        )
    return tuple(out)


def _values(given: Any, path: Path) -> tuple[str, ...]:
    return tuple(_value(one, path) for one in (given if isinstance(given, list) else [given]))


def _value(one: Any, path: Path) -> str:
    """Compare as text first: the quotes are optional for numbers and booleans."""
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, str):
        return str(one)
    raise Unreadable("a condition's value is a string, a number or a boolean", *path)
