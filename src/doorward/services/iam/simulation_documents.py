"""Policy documents handed to a simulation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from doorward.errors import PolicyError
from doorward.policy import Attached, Policy
from doorward.services.iam.context_key_names import UnreadableDocument, context_key_names
from doorward.services.iam.errors import InvalidSimulation

_INPUT = "PolicyInputList"
_BOUNDARY = "PermissionsBoundaryPolicyInputList"
_LEVELS = "OrderedOrganizationPolicyInputList"


def identity_policies(texts: Sequence[str]) -> tuple[Attached, ...]:
    """Each of PolicyInputList, under the name by which answers cite it."""
    return tuple(
        Attached(_read(text, "identity", InvalidSimulation.policy, number), f"{_INPUT}.{number}")
        for number, text in enumerate(texts, 1)
    )


def boundary_policy(texts: Sequence[str]) -> tuple[Attached, ...] | None:
    """The one of PermissionsBoundaryPolicyInputList; `None` where it is empty."""
    if len(texts) > 1:
        raise InvalidSimulation.boundaries()
    if not texts:
        return None
    policy = _read(texts[0], "boundary", InvalidSimulation.boundary)
    return (Attached(policy, f"{_BOUNDARY}.1"),)


def resource_policy(text: str | None) -> tuple[Attached, ...] | None:
    """The ResourcePolicy, if there is one; it must name its resources by ARN."""
    if text is None:
        return None
    policy = _read(text, "resource", InvalidSimulation.resource_policy)
    for statement in policy.statements:
        for resource in statement.resources or statement.not_resources or ():
            if not resource.startswith("arn:"):
                raise InvalidSimulation.resource(resource)
    return (Attached(policy, "ResourcePolicy"),)


def organization_levels(
    levels: Sequence[Mapping[str, Any]],
) -> tuple[tuple[Attached, ...], ...]:
    """OrderedOrganizationPolicyInputList, from the organization's root to the account."""
    return tuple(_level(number, level) for number, level in enumerate(levels, 1))


def _level(number: int, level: Mapping[str, Any]) -> tuple[Attached, ...]:
    texts = level.get("ServiceControlPolicyInputList") or ()
    if not texts:
        raise InvalidSimulation.empty_level(number)
    return tuple(
        Attached(
            _read(text, "scp", InvalidSimulation.organization_policy, number),
            f"{_LEVELS}.{number}.{position}",
        )
        for position, text in enumerate(texts, 1)
    )


def _read(text: str, kind: str, refusal: Callable[..., InvalidSimulation], *place: int) -> Policy:
    try:
        context_key_names(text)
        return Policy.parse(text, kind)
    except (UnreadableDocument, PolicyError):
        raise refusal(*place) from None
