"""A routed request's parameters, typed by the model."""

from typing import Any

from doorward.authn.request import HttpRequest
from doorward.wire.errors import SerializationException
from doorward.wire.json_values import decode_json, read_object
from doorward.wire.query import read_query
from doorward.wire.rest import read_rest
from doorward.wire.route import Route


def parse(route: Route, request: HttpRequest) -> dict[str, Any]:
    """The parameters as sent: top-level names in snake case, structures as dicts in AWS's names.

    Lists are tuples, timestamps aware UTC, blobs bytes; what was not sent is absent, what the
    model does not know is ignored.

    Raises:
        AwsError: MalformedInput (query protocol) or SerializationException (JSON protocols).
    """
    shape = route.operation.input
    if route.service.protocol == "query":
        return read_query(shape, route.fields)
    try:
        if route.service.protocol == "rest-json":
            return read_rest(shape, request, route.labels)
        return read_object(decode_json(request.body), shape) if shape else {}
    except RecursionError as error:
        raise SerializationException("The request body is nested too deeply.") from error
