"""JSON bodies made into typed values by a shape (protocols json and rest-json)."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from doorward.catalog.models import Shape, snake
from doorward.wire.errors import SerializationException, ValidationException
from doorward.wire.scalars import INT_MAX, LONG_MAX, from_epoch, read_blob, read_timestamp

Reader = Callable[[Any], Any]
_decode = msgspec.json.Decoder().decode


def decode_json(body: bytes) -> Any:
    """Any JSON text; no body at all is an empty object.

    Raises:
        SerializationException: no JSON, no UTF-8, or nested too deeply.
    """
    if not body:
        return {}
    try:
        return _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SerializationException("The request body is not valid JSON.") from error


def read_object(value: Any, shape: Shape, *, body_only: bool = False) -> dict[str, Any]:
    """A structure's members, names in snake case, null as absent; to a document null is a value.

    Args:
        value: What the JSON text held.
        shape: The operation's input.
        body_only: Leave out members that travel in path, query string or headers.
    """
    if not isinstance(value, Mapping):
        raise _misplaced(value, "a structure")
    params: dict[str, Any] = {}
    for wire_name, name, member in _parameters(shape):
        if wire_name not in value or (body_only and member.location):
            continue
        given = value[wire_name]
        if given is not None or member.document:
            params[name] = reader(member)(given)
    if shape.closed:
        _refuse_unknown(value, shape)
    return params


def _refuse_unknown(value: Mapping[str, Any], shape: Shape) -> None:
    known = {wire_name for wire_name, _, _ in _parameters(shape)}
    for name in value:
        if name not in known:
            listed = ", ".join(known_name for known_name, _, _ in _parameters(shape))
            raise ValidationException(f"Unknown member '{name[:64]}'; known are {listed}")


@cache
def _parameters(shape: Shape) -> tuple[tuple[str, str, Shape], ...]:
    return tuple(
        (member.location_name or name, snake(name), member)
        for name, member in shape.members.items()
    )


@cache
def reader(shape: Shape) -> Reader:
    """How a value of that shape is read."""
    if shape.document:
        return _as_it_is
    if shape.type == "structure":
        return _structure_reader(shape)
    if shape.type == "list":
        return _list_reader(shape)
    if shape.type == "map":
        return _map_reader(shape)
    return _SCALARS[shape.type]


def _structure_reader(shape: Shape) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _misplaced(value, "a structure")
        found: dict[str, Any] = {}
        for name, member in shape.members.items():
            given = value.get(member.location_name or name)
            if given is not None:
                found[name] = reader(member)(given)
        return found

    return read


def _list_reader(shape: Shape) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _misplaced(value, "a list")
        element = reader(shape.member)
        return tuple(None if one is None else element(one) for one in value)

    return read


def _map_reader(shape: Shape) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _misplaced(value, "a map")
        element = reader(shape.value)
        return {key: None if one is None else element(one) for key, one in value.items()}

    return read


def _as_it_is(value: Any) -> Any:
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _misplaced(value, "a String")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _misplaced(value, "a Boolean")
    return value


def _integer(value: Any) -> int:
    return _whole(value, INT_MAX, "an Integer")


def _long(value: Any) -> int:
    return _whole(value, LONG_MAX, "a Long")


def _whole(value: Any, most: int, kind: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _misplaced(value, kind)
    if not -most - 1 <= value <= most:
        raise SerializationException(f"NUMBER_VALUE is out of the range of {kind}")
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _misplaced(value, "a Double")
    return float(value)


def _blob(value: Any) -> bytes:
    try:
        return read_blob(_string(value))
    except ValueError as error:
        raise SerializationException("STRING_VALUE is not valid base64") from error


def _timestamp(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _misplaced(value, "a Timestamp")
    try:
        return read_timestamp(value) if isinstance(value, str) else from_epoch(value)
    except ValueError as error:
        raise SerializationException("The value can not be converted to a Timestamp") from error


_SCALARS: Mapping[str, Reader] = {
    "string": _string,
    "character": _string,
    "boolean": _boolean,
    "integer": _integer,
    "long": _long,
    "float": _float,
    "double": _float,
    "blob": _blob,
    "timestamp": _timestamp,
}


def _misplaced(value: Any, kind: str) -> SerializationException:
    """AWS's sentence for a JSON value of the wrong type."""
    if isinstance(value, dict):
        return SerializationException("Start of structure or map found where not expected.")
    if isinstance(value, list):
        return SerializationException("Start of list found where not expected")
    if isinstance(value, bool):
        return SerializationException(f"{str(value).upper()}_VALUE can not be converted to {kind}")
    if value is None:
        return SerializationException(f"NULL_VALUE can not be converted to {kind}")
    word = "STRING" if isinstance(value, str) else "NUMBER"
    return SerializationException(f"{word}_VALUE can not be converted to {kind}")
