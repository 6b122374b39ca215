"""Parameters and results as CloudTrail prints them: names start in lower case, secrets are gone."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from doorward.catalog import models
from doorward.catalog.models import Shape
from doorward.trail.secrets import SECRETS, TOLD


def printed_parameters(
    service: str, operation: str, parameters: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The parameters of a call, top-level names in snake case as the wire gives them."""
    shown = _inputs(service, operation)
    printed = {
        shown[name][0]: _printed(value, shown[name][1])
        for name, value in parameters.items()
        if value is not None and name in shown
    }
    return printed or None


def printed_result(
    service: str, operation: str, result: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The result of a call, in AWS's member names."""
    shape = models.service(service).operations[operation].output
    return (_structure(result, shape) or None) if shape else None


def iso(at: datetime) -> str:
    """A time as CloudTrail writes it: UTC, whole seconds."""
    # SPEED: a third of strftime's time.
    return f"{at.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"


@cache
def lower_first(name: str) -> str:
    """`SAMLProviderArn` is `sAMLProviderArn`."""
    return name[:1].lower() + name[1:]


@cache
def _inputs(service: str, operation: str) -> Mapping[str, tuple[str, Shape]]:
    """What may be shown, by its name in snake case."""
    shape = models.service(service).operations[operation].input
    members = shape.members if shape else {}
    return {
        models.snake(name): (lower_first(name), member)
        for name, member in members.items()
        if not _secret(name, member) and name not in TOLD
    }


def _secret(name: str, shape: Shape) -> bool:
    return shape.sensitive or name in SECRETS


def _printed(value: Any, shape: Shape) -> Any:
    # A gap in a list: parameters are recorded before they are known to be good.
    form = None if value is None or shape.document else _FORMS.get(shape.type)
    return form(value, shape) if form else value


def _structure(value: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    members = shape.members
    return {
        lower_first(name): _printed(part, members[name])
        for name, part in value.items()
        if part is not None and name in members and not _secret(name, members[name])
    }


def _list(value: Any, shape: Shape) -> list[Any]:
    member = shape.member
    return [_printed(part, member) for part in value]


def _map(value: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    return {key: _printed(part, shape.value) for key, part in value.items()}


def _timestamp(value: datetime, _shape: Shape) -> str:
    return iso(value)


def _blob(value: bytes, _shape: Shape) -> str:
    return base64.b64encode(value).decode()


_FORMS: Mapping[str, Callable[[Any, Shape], Any]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "timestamp": _timestamp,
    "blob": _blob,
}
