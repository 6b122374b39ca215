"""The simulator's answer: pages of actions, each over all resources, in AWS's members."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from doorward.policy import Arn, Layer, Outcome
from doorward.services.call import Call
from doorward.services.iam.errors import InvalidSimulation
from doorward.services.iam.simulation_question import (
    TYPES,
    WORDS,
    Matched,
    Simulation,
    Verdict,
    verdict,
)
from doorward.services.iam.simulation_resources import EVERY, several
from doorward.services.paging import DEFAULT_ITEMS, BadMarker, opened, sealed

T = TypeVar("T")
MOST_QUESTIONS: Final = 10_000
"""Of one page; AWS too may return fewer actions than MaxItems."""

_STRICTER: Final = (Outcome.EXPLICITLY_DENIED, Outcome.IMPLICITLY_DENIED, Outcome.ALLOWED)


def answers(
    call: Call,
    simulation: Simulation,
    actions: Sequence[str],
    resources: Sequence[str],
    marker: str | None,
    max_items: int | None,
) -> dict[str, Any]:
    """One page. A marker goes on with the next action, whatever else has changed, as recorded."""
    start = _start(call, marker)
    size = min(max_items or DEFAULT_ITEMS, MOST_QUESTIONS // max(1, len(resources)))
    end = start + size
    page: dict[str, Any] = {
        "EvaluationResults": [
            _result(simulation, action, resources) for action in actions[start:end]
        ]
    }
    if end >= len(actions):
        return page | {"IsTruncated": False}
    return page | {"IsTruncated": True, "Marker": sealed(call, str(end))}


def _start(call: Call, marker: str | None) -> int:
    if marker is None:
        return 0
    try:
        return int(opened(call, marker))
    except BadMarker:
        raise InvalidSimulation.marker() from None


def _result(simulation: Simulation, action: str, resources: Sequence[str]) -> dict[str, Any]:
    found = [verdict(simulation, action, resource) for resource in resources or (EVERY,)]
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": _name(action, resources),
        "EvalDecision": WORDS[_strictest(one.outcome for one in found)],
        "MatchedStatements": [_statement(one) for one in _once(each.matched for each in found)],
        "MissingContextValues": list(_once(one.missing for one in found)),
        **_gates(found),
    }
    if resources:
        result["EvalDecisionDetails"] = _strictest_details(found)
        result["ResourceSpecificResults"] = [
            _specific(*each) for each in zip(resources, found, strict=True)
        ]
    return result


def _name(action: str, resources: Sequence[str]) -> str:
    if not resources:
        return EVERY
    return resources[0] if len(resources) == 1 else several(action)


def _strictest(outcomes: Iterable[Outcome]) -> Outcome:
    return min(outcomes, key=_STRICTER.index)


def _once(groups: Iterable[Iterable[T]]) -> Iterable[T]:
    return dict.fromkeys(one for group in groups for one in group)


def _gates(found: Sequence[Verdict]) -> dict[str, Any]:
    """The SCPs and the boundary, where there are any, over all resources."""
    organizations = [one.by_organizations for one in found if one.by_organizations is not None]
    out: dict[str, Any] = {}
    if organizations:
        out["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": all(organizations)}
    return out | _by_boundary(found)


def _by_boundary(found: Sequence[Verdict]) -> dict[str, Any]:
    boundary = [one.by_boundary for one in found if one.by_boundary is not None]
    if not boundary:
        return {}
    return {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": all(boundary)}}


def _strictest_details(found: Sequence[Verdict]) -> dict[str, str]:
    by_type: dict[str, list[Outcome]] = {}
    for one in found:
        for name, outcome in one.details.items():
            by_type.setdefault(name, []).append(outcome)
    return {name: WORDS[_strictest(outcomes)] for name, outcomes in by_type.items()}


def _specific(resource: str, found: Verdict) -> dict[str, Any]:
    """AWS: lists are left out here where they are empty, and given empty one level above."""
    result: dict[str, Any] = {
        "EvalResourceName": resource,
        "EvalResourceDecision": WORDS[found.outcome],
    }
    if found.matched:
        result["MatchedStatements"] = [_statement(one) for one in found.matched]
    if found.missing:
        result["MissingContextValues"] = list(found.missing)
    if found.details:
        result["EvalDecisionDetails"] = _words(found.details)
    return result | _by_boundary((found,))


def _words(details: Mapping[str, Outcome]) -> dict[str, str]:
    return {name: WORDS[outcome] for name, outcome in details.items()}


def _statement(one: Matched) -> dict[str, Any]:
    span = one.statement.span
    return {
        "SourcePolicyId": _policy_id(one),
        "SourcePolicyType": _policy_type(one),
        "StartPosition": {"Line": span.line, "Column": span.column},
        "EndPosition": {"Line": span.end_line, "Column": span.end_column},
    }


def _policy_id(one: Matched) -> str:
    """`user_NAME_POLICY` for an inline policy; others by their own name."""
    attached = one.attached
    holder = Arn.parse(attached.attached_to or "")
    if attached.arn is not None or holder is None:
        return attached.name
    return f"{holder.resource_type}_{holder.name}_{attached.name}"


def _policy_type(one: Matched) -> str:
    # AWS: a boundary that is attached to the entity is told as IAM Policy, one handed in is not.
    if one.layer is Layer.BOUNDARY and one.attached.arn is not None:
        return TYPES[Layer.IDENTITY]
    return TYPES[one.layer]
