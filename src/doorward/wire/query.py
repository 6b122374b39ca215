"""The query protocol's parameters: flat names such as `Tags.member.1.Key`, made into values.

Sentences and rules were recorded from AWS in September 2026 (lexical forms, list indexes, gaps).
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from doorward.catalog.models import Shape, snake
from doorward.wire.errors import MalformedInput
from doorward.wire.scalars import READERS

LARGEST_JUMP = 10
"""How far a list's indexes may jump beyond the highest so far, which is 1 at the start."""

Leaves = Mapping[str, str]
Sent = tuple[str | None, Leaves | None]
"""The text sent under a name itself, and what was sent under the name and a dot."""
Reader = Callable[[str | None, Leaves | None], Any]


def read_query(shape: Shape | None, fields: Leaves) -> dict[str, Any]:
    """The parameters of an operation, top-level names in snake case.

    Raises:
        MalformedInput: a value of the wrong form, a bad list index.
    """
    if shape is None:
        return {}
    nested = _grouped(fields)
    params: dict[str, Any] = {}
    for wire_name, name, read in _parameters(shape):
        text, inner = fields.get(wire_name), nested.get(wire_name)
        if text is not None or inner is not None:
            params[name] = read(text, inner)
    return params


@cache
def _parameters(shape: Shape) -> tuple[tuple[str, str, Reader], ...]:
    return tuple(
        (member.location_name or name, snake(name), _reader(member))
        for name, member in shape.members.items()
    )


def _grouped(fields: Leaves) -> dict[str, dict[str, str]]:
    """Fields with a dot, by what stands before their first one."""
    groups: dict[str, dict[str, str]] = {}
    for key, text in fields.items():
        head, dot, rest = key.partition(".")
        if dot:
            groups.setdefault(head, {})[rest] = text
    return groups


@cache
def _reader(shape: Shape) -> Reader:
    if shape.type == "structure":
        return _structure_reader(shape)
    if shape.type == "list":
        return _list_reader(shape)
    if shape.type == "map":
        return _map_reader(shape)
    return _scalar_reader(READERS[shape.type])


def _scalar_reader(convert: Callable[[str], Any]) -> Reader:
    def read(text: str | None, inner: Leaves | None) -> Any:
        if inner is not None or text is None:
            raise MalformedInput("Start of structure or map found where not expected.")
        try:
            return convert(text)
        except ValueError:
            raise MalformedInput("Unable to parse a value of the request.") from None

    return read


def _structure_reader(shape: Shape) -> Reader:
    def read(text: str | None, inner: Leaves | None) -> dict[str, Any]:
        _refuse_text(text)
        leaves = inner or {}
        nested = _grouped(leaves)
        found: dict[str, Any] = {}
        for name, member in shape.members.items():
            wire_name = member.location_name or name
            own, under = leaves.get(wire_name), nested.get(wire_name)
            if own is not None or under is not None:
                found[name] = _reader(member)(own, under)
        return found

    return read


def _list_reader(shape: Shape) -> Reader:
    wrapper = None if shape.flattened else shape.member.location_name or "member"

    def read(text: str | None, inner: Leaves | None) -> tuple[Any, ...]:
        _refuse_text(text)
        element = _reader(shape.member)
        elements = _elements(_unwrapped(inner, wrapper), shape.member)
        return tuple(None if one is None else element(*one) for one in elements)

    return read


def _map_reader(shape: Shape) -> Reader:
    wrapper = None if shape.flattened else "entry"
    key_name = shape.key.location_name or "key"
    value_name = shape.value.location_name or "value"

    def read(text: str | None, inner: Leaves | None) -> dict[Any, Any]:
        _refuse_text(text)
        found: dict[Any, Any] = {}
        for one in _elements(_unwrapped(inner, wrapper), shape):
            leaves = (one[1] if one else None) or {}
            if key_name not in leaves:
                raise MalformedInput("Map entry found without a key.")
            own, under = leaves.get(value_name), _grouped(leaves).get(value_name)
            given = own is not None or under is not None
            found[leaves[key_name]] = _reader(shape.value)(own, under) if given else None
        return found

    return read


def _refuse_text(text: str | None) -> None:
    # AWS: clients send an empty list or structure as `Tags=`.
    if text:
        raise MalformedInput("Unexpected text found where a structure or list was expected.")


def _unwrapped(inner: Leaves | None, wrapper: str | None) -> Leaves:
    """What stands under `member` (or the list's own word for it); a flattened list has none."""
    if inner is None or wrapper is None:
        return inner or {}
    under = _grouped(inner).get(wrapper)
    if under is None:
        _refuse_text(inner.get(wrapper) or (None if wrapper in inner else "other"))
    return under or {}


def _elements(leaves: Leaves, member: Shape) -> list[Sent | None]:
    """A list's elements in order, None in the gaps."""
    nested = _grouped(leaves)
    found: dict[int, Sent] = {}
    for segment in {key.partition(".")[0]: None for key in leaves}:
        index = _index(segment, member)
        sent = (leaves.get(segment), nested.get(segment))
        if index is None:
            found.setdefault(1, ("", None))
        else:
            found[index] = _merged(found[index], sent) if index in found else sent
    for _, inner in found.values():
        _refuse_two_indexes(inner)
    return [found.get(index) for index in range(1, _highest(found) + 1)]


def _merged(first: Sent, second: Sent) -> Sent:
    """One element sent under two spellings of its index, as `1` and `01`."""
    joined = {**(first[1] or {}), **(second[1] or {})}
    return (first[0] if second[0] is None else second[0]), (joined or None)


def _index(segment: str, member: Shape) -> int | None:
    """An element's index; None where AWS sees one element without an index."""
    if segment.startswith("-"):
        raise MalformedInput(f"Key {segment} may not have a leading '-'")
    if segment.isascii() and segment.isdigit():
        digits = segment.lstrip("0")
        if not digits or len(digits) > 10:  # noqa: PLR2004 - longer than any 32-bit number
            raise MalformedInput(f"{digits[:10] or 0} is not a valid index")
        return int(digits)
    if member.type == "structure":
        return None
    raise MalformedInput("Start of list found where not expected")


def _highest(indexes: Mapping[int, Any]) -> int:
    highest = 1 if indexes else 0
    for index in sorted(indexes):
        jump = index - highest
        if jump > LARGEST_JUMP:
            raise MalformedInput(f"Excessively sparse input would skip {jump} list elements")
        highest = index
    return highest


def _refuse_two_indexes(inner: Leaves | None) -> None:
    for key in inner or ():
        segment = key.partition(".")[0]
        if segment.isascii() and segment.isdigit():
            raise MalformedInput("Two index elements may not occur back to back")
