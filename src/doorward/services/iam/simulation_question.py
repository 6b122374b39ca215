"""One action on one resource, put to the engine, and what the simulator tells of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from doorward.policy import (
    Attached,
    Context,
    Layer,
    Outcome,
    Policies,
    Policy,
    Principal,
    Request,
    Statement,
    decide,
)
from doorward.policy.arn import Arn
from doorward.policy.explain import steps
from doorward.policy.explain.steps import Step
from doorward.policy.guards import is_self_guarding
from doorward.services.iam.simulation_resources import is_of_another_service

WORDS: Final = {
    Outcome.ALLOWED: "allowed",
    Outcome.IMPLICITLY_DENIED: "implicitDeny",
    Outcome.EXPLICITLY_DENIED: "explicitDeny",
}
TYPES: Final = {
    Layer.BOUNDARY: "Permissions Boundary Policy",
    Layer.IDENTITY: "IAM Policy",
    Layer.RESOURCE: "Resource Policy",
}
"""The layers whose statements are told, in that order; those of organizations never are."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What all questions of one call have in common.

    Attributes:
        owner: The account of resources whose ARN names none.
        missing: Condition keys that policies ask for and no entry gives, as spelled.
    """

    principal: Principal
    policies: Policies
    context: Context
    owner: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """A statement that had a say."""

    layer: Layer
    attached: Attached
    statement: Statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one resource.

    Attributes:
        by_organizations: Whether the SCPs allow it; `None` where there are none.
        by_boundary: Whether the boundary allows it; `None` where there is none.
        details: What each type of policy says, by the simulator's name of it; across accounts only.
    """

    outcome: Outcome
    matched: tuple[Matched, ...]
    missing: tuple[str, ...]
    by_organizations: bool | None
    by_boundary: bool | None
    details: Mapping[str, Outcome]


def verdict(simulation: Simulation, action: str, resource: str) -> Verdict:
    """Ask the engine."""
    if is_of_another_service(action, resource):
        # AWS: implicitly denied, even under Allow * on *. Recorded: simulation_inputs, 2026-09.
        return _nothing(simulation)
    request = _request(simulation, action, resource)
    policies = _policies(simulation, request)
    outcome = decide(request, policies).outcome
    return _told(simulation, request, outcome, steps(request, policies))


def _told(
    simulation: Simulation, request: Request, outcome: Outcome, every: tuple[Step, ...]
) -> Verdict:
    given = simulation.policies.resource is not None
    read = {
        step.layer: step
        for step in every
        if step.layer in TYPES and (given or step.layer is not Layer.RESOURCE)
    }
    levels = [step for step in every if step.layer is Layer.SCP]
    boundary = [step for step in every if step.layer is Layer.BOUNDARY]
    # AWS: a simulation that an SCP ends tells neither statements nor keys nor details.
    ended = not _all_allow(levels)
    across = request.resource_account != request.principal.account
    return Verdict(
        outcome=outcome,
        matched=() if ended else tuple(_matched(read, outcome)),
        missing=simulation.missing if outcome is Outcome.IMPLICITLY_DENIED and not ended else (),
        by_organizations=not ended if levels else None,
        by_boundary=_all_allow(boundary) if boundary else None,
        details={TYPES[at]: read[at].verdict for at in read} if across and not ended else {},
    )


def _nothing(simulation: Simulation) -> Verdict:
    """No statement of any policy has a say."""
    return Verdict(
        outcome=Outcome.IMPLICITLY_DENIED,
        matched=(),
        missing=simulation.missing,
        by_organizations=False if simulation.policies.scp else None,
        by_boundary=None if simulation.policies.boundary is None else False,
        details={},
    )


def _all_allow(read: list[Step]) -> bool:
    return all(step.verdict is Outcome.ALLOWED for step in read)


def _matched(read: Mapping[Layer, Step], outcome: Outcome) -> list[Matched]:
    """The statements that led to the outcome; none leads to an implicit denial.

    AWS: what a boundary allows is not told, what it denies is.
    """
    if outcome is Outcome.IMPLICITLY_DENIED:
        return []
    allowed = outcome is Outcome.ALLOWED
    return [
        Matched(layer, one.attached, one.statement)
        for layer in TYPES
        if layer in read and not (allowed and layer is Layer.BOUNDARY)
        for one in read[layer].matched
        if one.statement.is_deny is not allowed
    ]


def _request(simulation: Simulation, action: str, resource: str) -> Request:
    """The question; without a ResourcePolicy, of the caller's own account whatever the ARN says.

    Only the caller's side of the decision is asked about then.

    Source: AWS, API reference of SimulateCustomPolicy: ResourceOwner matters together with a
    ResourcePolicy, and "the simulation does not automatically retrieve policies".
    """
    owner = simulation.principal.account
    if simulation.policies.resource is not None:
        arn = Arn.parse(resource)
        owner = arn.account if arn and arn.account else simulation.owner
    return Request(simulation.principal, action, resource, owner, simulation.context)


def _policies(simulation: Simulation, request: Request) -> Policies:
    """A resource that guards itself (a role, a KMS key) is, without a policy, left to its account.

    It is what such a policy says in the simplest case, and the caller's own policies then decide.
    """
    policies = simulation.policies
    if policies.resource is None and is_self_guarding(request):
        return replace(policies, resource=_left_to(request.resource_account))
    return policies


@lru_cache(maxsize=64)
def _left_to(account: str) -> tuple[Attached, ...]:
    everything = '"Effect":"Allow","Action":"*","Resource":"*"'
    whole = f'{{"Statement":{{{everything},"Principal":{{"AWS":"{account}"}}}}}}'
    return (Attached(Policy.parse(whole, "resource"), "the account's own"),)
