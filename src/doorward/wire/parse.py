"""A routed request's parameters, typed by the model."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from doorward.authn.request import HttpRequest
from doorward.wire.cbor import decode_cbor
from doorward.wire.errors import MalformedInput, SerializationException
from doorward.wire.json_values import decode_json, read_object
from doorward.wire.query import read_query
from doorward.wire.rest import read_rest
from doorward.wire.route import CBOR, Route


def parse(route: Route, request: HttpRequest) -> dict[str, Any]:
    """The parameters as sent: top-level names in snake case, structures as dicts in AWS's names.

    Lists are tuples, timestamps aware UTC, blobs bytes; what was not sent is absent, what the
    model does not know is ignored.

    Raises:
        AwsError: MalformedInput (query protocol) or SerializationException (JSON protocols).
    """
    try:
        return _READERS[route.protocol](route, request)
    except RecursionError as error:
        refusal = MalformedInput if route.protocol == "query" else SerializationException
        raise refusal("The request is nested too deeply.") from error


def _from_query(route: Route, _request: HttpRequest) -> dict[str, Any]:
    return read_query(route.operation.input, route.fields)


def _from_json(route: Route, request: HttpRequest) -> dict[str, Any]:
    shape = route.operation.input
    return read_object(decode_json(request.body), shape) if shape else {}


def _from_cbor(route: Route, request: HttpRequest) -> dict[str, Any]:
    shape = route.operation.input
    return read_object(decode_cbor(request.body), shape) if shape else {}


def _from_rest(route: Route, request: HttpRequest) -> dict[str, Any]:
    return read_rest(route.operation.input, request, route.labels)


_READERS: Mapping[str, Callable[[Route, HttpRequest], dict[str, Any]]] = MappingProxyType(
    {"query": _from_query, "json": _from_json, "rest-json": _from_rest, CBOR: _from_cbor}
)
