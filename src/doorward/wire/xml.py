"""Results as XML elements, for the query protocol."""

import base64
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from doorward.catalog.models import Shape
from doorward.wire.scalars import iso_milliseconds, iso_time

Write = Callable[[Any, str, list[str]], None]
"""Takes a value, the element's name and the list of pieces that the text is joined from."""

# AWS: times are whole seconds, but not these, as recorded; their shape is that of the others.
_MILLISECONDS = frozenset({"JobCreationDate", "JobCompletionDate"})
# AWS: CloudWatch's have milliseconds, as the examples of its reference show, "DescribeAlarms".
_MILLISECOND_SHAPE = "Timestamp"
_SPECIAL = re.compile('[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;"}


def escaped(text: str) -> str:
    """Text as XML 1.0 can carry it; what XML forbids becomes U+FFFD."""
    if not _SPECIAL.search(text):
        return text
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0], "\ufffd"), text)


def element(shape: Shape, value: Any, name: str) -> str:
    """One value as an element of that name.

    Raises:
        TypeError: the value is not of the shape.
    """
    pieces: list[str] = []
    _writer(shape)(value, name, pieces)
    return "".join(pieces)


@cache
def _writer(shape: Shape) -> Write:
    if shape.type == "structure":
        return _structure_writer(shape)
    if shape.type == "list":
        return _list_writer(shape)
    if shape.type == "map":
        return _map_writer(shape)
    return _scalar_writer(_TEXTS[shape.type], shape)


def _scalar_writer(text_of: Callable[[Any], str], shape: Shape) -> Write:
    def write(value: Any, name: str, pieces: list[str]) -> None:
        try:
            pieces.append(f"<{name}>{text_of(value)}</{name}>")
        except (AttributeError, TypeError) as error:
            raise TypeError(f"{name} is no {shape.type} ({shape.name}): {value!r}") from error

    return write


def _structure_writer(shape: Shape) -> Write:
    members: list[tuple[str, str, Write]] = []

    def write(value: Any, name: str, pieces: list[str]) -> None:
        refuse_strangers(value, shape)
        if not members:  # A structure may contain itself, so its members wait for a value.
            members[:] = [
                (member_name, member.location_name or member_name, _member(member_name, member))
                for member_name, member in shape.members.items()
            ]
        pieces.append(f"<{name}>")
        for member_name, wire_name, write_member in members:
            part = value.get(member_name)
            if part is not None:
                write_member(part, wire_name, pieces)
        pieces.append(f"</{name}>")

    return write


def _member(name: str, shape: Shape) -> Write:
    finer = name in _MILLISECONDS or shape.name == _MILLISECOND_SHAPE
    if finer and shape.type == "timestamp":
        return _scalar_writer(iso_milliseconds, shape)
    return _writer(shape)


def refuse_strangers(value: Any, shape: Shape) -> None:
    """A structure must be a mapping of the model's own members: anything else is a bug.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{shape.name} is a structure, not {type(value).__name__}")
    if not value.keys() <= shape.members.keys():
        strangers = value.keys() - shape.members.keys()
        raise TypeError(f"{shape.name} has no member {', '.join(sorted(map(str, strangers)))}")


def refuse_other_than(kinds: type | tuple[type, ...], value: Any, shape: Shape) -> None:
    """A list or map must be one.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, kinds):
        raise TypeError(f"{shape.name} is a {shape.type}, not {type(value).__name__}")


def _list_writer(shape: Shape) -> Write:
    inner_name = shape.member.location_name or "member"

    def write(value: Any, name: str, pieces: list[str]) -> None:
        refuse_other_than((list, tuple), value, shape)
        one = _writer(shape.member)
        if shape.flattened:
            for part in value:
                one(part, name, pieces)
            return
        pieces.append(f"<{name}>" if value else f"<{name}/>")
        for part in value:
            one(part, inner_name, pieces)
        if value:
            pieces.append(f"</{name}>")

    return write


def _map_writer(shape: Shape) -> Write:
    key_name = shape.key.location_name or "key"
    value_name = shape.value.location_name or "value"

    def write(value: Any, name: str, pieces: list[str]) -> None:
        refuse_other_than(Mapping, value, shape)
        entry = name if shape.flattened else "entry"
        pieces.append("" if shape.flattened else f"<{name}>")
        for key, part in value.items():
            pieces.append(f"<{entry}>")
            _writer(shape.key)(key, key_name, pieces)
            _writer(shape.value)(part, value_name, pieces)
            pieces.append(f"</{entry}>")
        pieces.append("" if shape.flattened else f"</{name}>")

    return write


def _boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError("no boolean")
    return "true" if value else "false"


def _integer(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("no integer")
    return str(value)


def _float(value: Any) -> str:
    return repr(value + 0.0)


def _blob(value: Any) -> str:
    return base64.b64encode(value).decode("ascii")


_TEXTS: Mapping[str, Callable[[Any], str]] = {
    "string": escaped,
    "character": escaped,
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "float": _float,
    "double": _float,
    "blob": _blob,
    "timestamp": iso_time,
}
