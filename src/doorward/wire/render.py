"""Results as HTTP responses."""

from collections.abc import Mapping
from typing import Any

from doorward.catalog.models import OperationModel, Shape
from doorward.wire.cbor import cbor_body
from doorward.wire.json_text import json_text, json_value
from doorward.wire.response import HttpResponse
from doorward.wire.route import CBOR, Route
from doorward.wire.xml import element, escaped

CONTENT_TYPES: Mapping[str, str] = {
    "query": "text/xml",
    "json": "application/x-amz-json-1.1",
    CBOR: "application/cbor",
}


def render(route: Route, result: Mapping[str, Any], request_id: str) -> HttpResponse:
    """The answer to a call that succeeded.

    Args:
        route: Which operation.
        result: AWS's member names; members that are None are left out.
        request_id: Also the record's in the trail.

    Raises:
        TypeError: the result has members the model does not know, or values of other types.
    """
    operation = route.operation
    if operation.output is None and any(value is not None for value in result.values()):
        raise TypeError(f"{operation.name} has no result, but got {', '.join(result)}")
    if route.protocol == "query":
        body = _xml(route, result, request_id)
    elif route.protocol == CBOR:
        body = cbor_body(operation.output, result) if operation.output else b""
    else:
        body = _json(operation.output, result, empty=_empty(route))
    headers = head(request_id, content_type(route), route.protocol)
    if route.protocol != "rest-json" or operation.output is None:
        return HttpResponse(operation.status, headers, body)
    told = headers_told(operation.output, result)
    return HttpResponse(_status(operation, result), (*headers, *told), body)


def head(request_id: str, kind: str, protocol: str) -> tuple[tuple[str, str], ...]:
    """The headers of every answer."""
    headers = (("x-amzn-RequestId", request_id), ("Content-Type", kind))
    return (*headers, ("smithy-protocol", "rpc-v2-cbor")) if protocol == CBOR else headers


def headers_told(shape: Shape, result: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The members of a result that travel in headers; characters no header carries are `?`."""
    return tuple(
        (member.location_name or name, _header_text(result[name]))
        for name, member in shape.members.items()
        if member.location == "header" and result.get(name) is not None
    )


def _header_text(value: str) -> str:
    # INVARIANT: what a caller sent may come back in a header and must not end it.
    return "".join(each if " " <= each <= "~" else "?" for each in value)


def _status(operation: OperationModel, result: Mapping[str, Any]) -> int:
    members = operation.output.members if operation.output else {}
    told = (result.get(name) for name, each in members.items() if each.location == "statusCode")
    return next((status for status in told if status is not None), operation.status)


def content_type(route: Route) -> str:
    """What a service says of its bodies."""
    if route.protocol == "json":
        return f"application/x-amz-json-{route.service.json_version}"
    return CONTENT_TYPES.get(route.protocol, "application/json")


def _xml(route: Route, result: Mapping[str, Any], request_id: str) -> bytes:
    operation = route.operation
    wrapper = operation.result_wrapper or f"{operation.name}Result"
    inner = "" if operation.output is None else element(operation.output, result, wrapper)
    return (
        f'<{operation.name}Response xmlns="{route.service.xml_namespace}">{inner}'
        f"<ResponseMetadata><RequestId>{escaped(request_id)}</RequestId></ResponseMetadata>"
        f"</{operation.name}Response>"
    ).encode()


def _empty(route: Route) -> bytes:
    return b"" if route.protocol == "rest-json" else b"{}"


def _json(shape: Shape | None, result: Mapping[str, Any], *, empty: bytes) -> bytes:
    if shape is None:
        return empty
    if shape.payload is None:
        return json_text(json_value(shape, result))
    inner = result.get(shape.payload)
    return empty if inner is None else json_text(json_value(shape.members[shape.payload], inner))
