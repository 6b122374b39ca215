"""Results as JSON, for the protocols json and rest-json."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from doorward.catalog.models import Shape
from doorward.wire.scalars import epoch_time, http_time, iso_time
from doorward.wire.xml import refuse_other_than, refuse_strangers

Convert = Callable[[Any], Any]
_encode = msgspec.json.Encoder().encode


def json_text(value: Any) -> bytes:
    """JSON, compact; what UTF-8 cannot carry becomes U+FFFD."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(_carried(value))


def _carried(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {_carried(key): _carried(part) for key, part in value.items()}
    return [_carried(part) for part in value] if isinstance(value, list | tuple) else value


def json_value(shape: Shape, value: Any) -> Any:
    """A result in JSON's own types, members in the model's order.

    Raises:
        TypeError: the value is not of the shape.
    """
    return _converter(shape)(value)


@cache
def _converter(shape: Shape) -> Convert:
    if shape.document:
        return lambda value: value
    if shape.type == "structure":
        return _structure_converter(shape)
    if shape.type == "list":
        return _list_converter(shape)
    if shape.type == "map":
        return _map_converter(shape)
    if shape.type == "timestamp":
        return _TIMES[shape.timestamp_format or "unixTimestamp"]
    return _scalar_converter(shape)


def _structure_converter(shape: Shape) -> Convert:
    members: list[tuple[str, str, Convert]] = []

    def convert(value: Any) -> dict[str, Any]:
        refuse_strangers(value, shape)
        if not members:  # A structure may contain itself, so its members wait for a value.
            members[:] = [
                (name, member.location_name or name, _converter(member))
                for name, member in shape.members.items()
                if member.location not in {"header", "statusCode"}
            ]
        return {
            wire_name: convert_member(value[name])
            for name, wire_name, convert_member in members
            if value.get(name) is not None
        }

    return convert


def _list_converter(shape: Shape) -> Convert:
    def convert(value: Any) -> list[Any]:
        refuse_other_than((list, tuple), value, shape)
        return [_converter(shape.member)(part) for part in value]

    return convert


def _map_converter(shape: Shape) -> Convert:
    def convert(value: Any) -> dict[str, Any]:
        refuse_other_than(Mapping, value, shape)
        return {key: _converter(shape.value)(part) for key, part in value.items()}

    return convert


def _scalar_converter(shape: Shape) -> Convert:
    kinds = _KINDS[shape.type]
    is_boolean = shape.type == "boolean"

    def convert(value: Any) -> Any:
        if not isinstance(value, kinds) or isinstance(value, bool) is not is_boolean:
            raise TypeError(f"{shape.name} is a {shape.type}, not {type(value).__name__}")
        return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value

    return convert


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "blob": bytes,
}
_TIMES: Mapping[str, Callable[[datetime], Any]] = {
    "unixTimestamp": epoch_time,
    "iso8601": iso_time,
    "rfc822": http_time,
}
