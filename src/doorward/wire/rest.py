"""rest-json requests: members in the path, the query string, headers and the body."""

from collections.abc import Mapping
from typing import Any

from doorward.authn.request import HttpRequest
from doorward.catalog.models import Shape, snake
from doorward.wire.errors import SerializationException
from doorward.wire.fields import read_pairs
from doorward.wire.json_values import decode_json, read_object, reader
from doorward.wire.scalars import READERS


def read_rest(
    shape: Shape | None, request: HttpRequest, labels: Mapping[str, str]
) -> dict[str, Any]:
    """The parameters of a rest-json operation, names in snake case.

    Raises:
        AwsError: SerializationException, or MalformedInput for a broken query string.
    """
    if shape is None:
        return {}
    params = _payload(shape, request.body)
    pairs = read_pairs(request.query)
    for name, member in shape.members.items():
        value = _elsewhere(member, member.location_name or name, request, labels, pairs)
        if value is not None:
            params[snake(name)] = value
    return params


def _payload(shape: Shape, body: bytes) -> dict[str, Any]:
    if shape.payload is None:
        has_body = any(member.location is None for member in shape.members.values())
        return read_object(decode_json(body), shape, body_only=True) if has_body else {}
    if not body:
        return {}
    return {snake(shape.payload): reader(shape.members[shape.payload])(decode_json(body))}


def _elsewhere(
    member: Shape,
    wire_name: str,
    request: HttpRequest,
    labels: Mapping[str, str],
    pairs: list[tuple[str, str]],
) -> Any:
    """A member that does not travel in the body; None when it was not sent."""
    if member.location == "uri":
        return _scalar(member, labels[wire_name])
    if member.location == "header":
        text = request.header(wire_name.lower())
        return None if text is None else _scalar(member, text)
    if member.location == "querystring":
        return _from_query(member, [text for name, text in pairs if name == wire_name])
    return None


def _from_query(member: Shape, sent: list[str]) -> Any:
    if not sent:
        return None
    if member.type == "list":
        return tuple(_scalar(member.member, text) for text in sent)
    return _scalar(member, sent[-1])


def _scalar(member: Shape, text: str) -> Any:
    try:
        return READERS[member.type](text)
    except ValueError as error:
        raise SerializationException("Unable to parse a value of the request.") from error
