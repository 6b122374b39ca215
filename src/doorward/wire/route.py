"""Which operation of which service a request asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from doorward.authn.request import HttpRequest
from doorward.catalog.models import (
    OWN,
    OperationModel,
    ServiceModel,
    service,
    service_signed_as,
    service_targeted,
    service_versioned,
)
from doorward.wire.errors import InvalidAction, MissingAction, UnknownOperationException
from doorward.wire.fields import form_text, read_pairs
from doorward.wire.paths import find_operation

UNSIGNED_REST = (OWN, "sso", "sso-oidc", "signin")
"""Services found by path alone, because their clients need not sign."""

CBOR = "smithy-rpc-v2-cbor"
RPC_PATH = re.compile(r"/service/([A-Za-z0-9]+)/operation/([A-Za-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes, with what was already read on the way there.

    Attributes:
        fields: Query protocol: every parameter as sent, percent-decoded.
        labels: rest-json: the path's variable parts, percent-decoded.
        spoken: The client's choice where the service speaks several protocols.
    """

    service: ServiceModel
    operation: OperationModel
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    spoken: str | None = None

    @property
    def protocol(self) -> str:
        """The protocol of request and answer."""
        return self.spoken or self.service.protocol


def route(request: HttpRequest, signing_name: str | None) -> Route:
    """Find the operation a request asks for.

    Args:
        request: As it came.
        signing_name: The service of the signature's scope; None for an unsigned request.

    Raises:
        AwsError: InvalidAction, MissingAction, MalformedInput or UnknownOperationException.
    """
    target = request.header("x-amz-target")
    name = _service_name(signing_name, target)
    if name is None and signing_name is not None:
        raise UnknownOperationException.anywhere()
    if name is None:
        return _by_version(request) if _is_query(request) else _by_path_alone(request)
    model = service(name)
    if len(model.protocols) > 1:
        return replace(_by_protocol(model, request, target), spoken=spoken(model, request))
    return _by_protocol(model, request, target)


def _by_protocol(model: ServiceModel, request: HttpRequest, target: str | None) -> Route:
    protocol = spoken(model, request)
    if protocol == "query":
        return _by_action(model, query_fields(request))
    if protocol == "json":
        return _by_target(model, target)
    if protocol == CBOR:
        return _by_rpc_path(model, request)
    return _by_path(model, request)


def spoken(model: ServiceModel, request: HttpRequest) -> str:
    """Which of its protocols the client speaks to a service."""
    if CBOR not in model.protocols:
        return model.protocol
    if request.header("smithy-protocol") == "rpc-v2-cbor":
        return CBOR
    return "json" if request.header("x-amz-target") else "query"


def _by_rpc_path(model: ServiceModel, request: HttpRequest) -> Route:
    found = RPC_PATH.fullmatch(request.path)
    if request.method != "POST" or found is None:
        raise UnknownOperationException.anywhere()
    prefix, name = found.groups()
    if prefix != model.target_prefix or name not in model.operations:
        raise UnknownOperationException.anywhere()
    return Route(model, model.operations[name])


def own_route(request: HttpRequest) -> Route | None:
    """The operation of Doorward's own service that the path stands for, signed or not."""
    model = service(OWN)
    found = find_operation(model, request.method, request.path, request.query)
    return Route(model, found[0], labels=found[1]) if found else None


def protocol_of(request: HttpRequest, signing_name: str | None) -> str:
    """The protocol to answer in when no route was found: `query`, `json` or `rest-json`."""
    target = request.header("x-amz-target")
    name = _service_name(signing_name, target)
    if name is not None:
        return spoken(service(name), request)
    if target or "x-amz-json" in (request.header("content-type") or ""):
        return "json"
    is_root = request.path in {"", "/"}
    return "query" if is_root else "rest-json"


def _service_name(signing_name: str | None, target: str | None) -> str | None:
    if signing_name is not None:
        return service_signed_as(signing_name)
    return service_targeted(target.rpartition(".")[0]) if target else None


def query_fields(request: HttpRequest) -> dict[str, str]:
    """Every parameter of a request in the query protocol; the body wins over the query string."""
    fields = dict(read_pairs(request.query))
    if request.method == "POST":
        fields.update(read_pairs(form_text(request.body)))
    return fields


def _is_query(request: HttpRequest) -> bool:
    return request.path in {"", "/"} and not request.header("x-amz-target")


def _by_version(request: HttpRequest) -> Route:
    fields = query_fields(request)
    action, version = fields.get("Action"), fields.get("Version")
    if not action:
        raise MissingAction.parameter()
    name = service_versioned(version or "")
    if name is None:
        raise InvalidAction.named(action, version)
    return _by_action(service(name), fields)


def _by_action(model: ServiceModel, fields: Mapping[str, str]) -> Route:
    action, version = fields.get("Action"), fields.get("Version")
    if not action:
        raise MissingAction.parameter()
    if version != model.api_version or action not in model.operations:
        raise InvalidAction.named(action, version)
    return Route(model, model.operations[action], fields)


def _by_target(model: ServiceModel, target: str | None) -> Route:
    prefix, _, name = (target or "").rpartition(".")
    if prefix not in _target_prefixes(model) or name not in model.operations:
        raise UnknownOperationException.anywhere()
    return Route(model, model.operations[name])


def _target_prefixes(model: ServiceModel) -> tuple[str, str]:
    # AWS: answers to both; the JavaScript SDK drops what stands before the last dot (CloudTrail).
    return model.target_prefix, model.target_prefix.rpartition(".")[2]


def _by_path(model: ServiceModel, request: HttpRequest) -> Route:
    found = find_operation(model, request.method, request.path, request.query)
    if found is None:
        raise UnknownOperationException.anywhere()
    operation, labels = found
    return Route(model, operation, labels=labels)


def _by_path_alone(request: HttpRequest) -> Route:
    for name in UNSIGNED_REST:
        model = service(name)
        found = find_operation(model, request.method, request.path, request.query)
        if found is not None:
            return Route(model, found[0], labels=found[1])
    raise UnknownOperationException.anywhere()
