"""Errors as HTTP responses, in the protocol of the service that was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doorward.catalog.models import ErrorModel
from doorward.errors import AwsError, NotAuthentic
from doorward.wire.error_names import (
    ALWAYS_BAD_REQUEST,
    BAD_REQUEST,
    JSON_BAD_REQUEST,
    OWN_NAMES,
    STATUSES,
    json_name,
    query_name,
)
from doorward.wire.json_text import json_text, json_value
from doorward.wire.render import CONTENT_TYPES, content_type, head
from doorward.wire.response import HttpResponse
from doorward.wire.route import CBOR, Route
from doorward.wire.xml import escaped

FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"
"""AWS's namespace for errors raised before any service was found."""

SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class _Fault:
    """An error with everything its rendering needs."""

    code: str
    message: str
    status: int
    is_senders: bool
    model: ErrorModel | None
    members: Mapping[str, Any]


def render_error(
    route: Route | None, error: AwsError | NotAuthentic, request_id: str, *, protocol: str = "query"
) -> HttpResponse:
    """The answer to a call that failed.

    Args:
        route: Which operation; None when none was found.
        error: Status and fault come from the service's model where it knows the code.
        request_id: Also the record's in the trail.
        protocol: For calls without a route: `protocol_of(request, signing_name)`.
    """
    protocol = route.protocol if route else protocol
    fault = _fault(route, error, protocol)
    kind = content_type(route) if route else CONTENT_TYPES.get(protocol, "application/json")
    headers = list(head(request_id, kind, protocol))
    if protocol == "query":
        return HttpResponse(fault.status, tuple(headers), _xml(route, fault, request_id))
    if route and route.service.query_compatible:
        # AWS: clients of these services go on seeing the codes of the query protocol.
        side = "Sender" if fault.is_senders else "Receiver"
        headers.append(("x-amzn-query-error", f"{query_name(fault.code)};{side}"))
    if protocol == CBOR:
        return HttpResponse(fault.status, tuple(headers), _cbor(fault))
    headers.append(("x-amzn-ErrorType", fault.code))
    return HttpResponse(fault.status, tuple(headers), json_text(_members(fault, protocol)))


def _fault(route: Route | None, error: AwsError | NotAuthentic, protocol: str) -> _Fault:
    asked = OWN_NAMES.get((route.service.name, error.code), error.code) if route else error.code
    model = route.service.error(asked) if route else None
    # INVARIANT: a failed proof never takes a status from a model: STS declares
    # ExpiredTokenException for the identity provider's token, not for the caller's.
    if isinstance(error, NotAuthentic):
        model = None
    named = query_name if protocol == "query" else json_name
    code = model.code if model else named(asked)
    if model is None and route and not isinstance(error, NotAuthentic):
        model = route.service.error(code)
    status = model.status if model else _status(error, route, protocol)
    is_senders = model.sender_fault if model else status < SERVER_ERROR
    members = error.members if isinstance(error, AwsError) else {}
    return _Fault(code, error.message, status, is_senders, model, members)


def _status(error: AwsError | NotAuthentic, route: Route | None, protocol: str) -> int:
    declared = error.status if isinstance(error, AwsError) else None
    name = query_name(error.code)
    status = declared or STATUSES.get(name, BAD_REQUEST)
    if status >= SERVER_ERROR:
        return status
    if route and route.service.name in ALWAYS_BAD_REQUEST:
        return BAD_REQUEST
    return BAD_REQUEST if protocol == "json" and name in JSON_BAD_REQUEST else status


def _xml(route: Route | None, fault: _Fault, request_id: str) -> bytes:
    namespace = route.service.xml_namespace if route else FAULT_NAMESPACE
    members = fault.members.items()
    extra = "".join(f"<{name}>{escaped(str(value))}</{name}>" for name, value in members)
    return (
        f'<ErrorResponse xmlns="{namespace}"><Error>'
        f"<Type>{'Sender' if fault.is_senders else 'Receiver'}</Type>"
        f"<Code>{escaped(fault.code)}</Code><Message>{escaped(fault.message)}</Message>{extra}"
        f"</Error><RequestId>{escaped(request_id)}</RequestId></ErrorResponse>"
    ).encode()


def _cbor(fault: _Fault) -> bytes:
    from cbor2 import dumps

    return dumps(_members(fault, CBOR))


def _members(fault: _Fault, protocol: str) -> dict[str, Any]:
    shapes = fault.model.shape.members if fault.model else {}
    body: dict[str, Any] = {} if protocol == "rest-json" else {"__type": _type_of(fault)}
    body[fault.model.message_member if fault.model else "message"] = fault.message
    for name, value in fault.members.items():
        body[name] = json_value(shapes[name], value) if name in shapes else value
    return body


def _type_of(fault: _Fault) -> str:
    return fault.model.shape.name if fault.model else fault.code
