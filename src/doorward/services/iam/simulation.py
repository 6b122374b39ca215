"""SimulateCustomPolicy and SimulatePrincipalPolicy: the engine asked what if.

The engine is the one that decides real calls. Where AWS's simulator is on record as answering
otherwise than AWS itself, the difference is made in front of the engine: `simulation_numbers`, and
`is_of_another_service` in `simulation_resources`. Where it was recorded allowing what AWS itself
denies (a resource policy that names only the account), it is not followed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from doorward.policy import Arn, Attached, Context, Policies, Principal, PrincipalKind
from doorward.services.call import Call
from doorward.services.iam import simulation_documents as documents
from doorward.services.iam.context_key_names import (
    ESCAPED,
    UnreadableDocument,
    context_key_names,
)
from doorward.services.iam.errors import InvalidSimulation
from doorward.services.iam.simulation_answers import answers
from doorward.services.iam.simulation_context import defaults, given
from doorward.services.iam.simulation_numbers import comparable
from doorward.services.iam.simulation_question import Simulation
from doorward.services.iam.simulation_resources import (
    EVERY,
    refuse_bad_resources,
    refuse_bad_scenario,
)
from doorward.services.iam.simulation_sources import (
    entity_arn,
    policies_of_source,
    policy_source,
    source_of,
)
from doorward.services.registry import anything, operation

Entries = Sequence[Mapping[str, Any]]


@operation("iam", on=anything, reads=True, waits=True)
def simulate_custom_policy(
    call: Call,
    *,
    policy_input_list: Sequence[str],
    action_names: Sequence[str],
    permissions_boundary_policy_input_list: Sequence[str] = (),
    ordered_organization_policy_input_list: Entries = (),
    resource_arns: Sequence[str] = (),
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: Entries = (),
    resource_handling_option: str | None = None,
    max_items: int | None = None,
    marker: str | None = None,
) -> dict[str, Any]:
    """Say what policy documents would allow."""
    resources = _resources(action_names, resource_arns, resource_handling_option)
    policies = Policies(
        identity=documents.identity_policies(policy_input_list),
        boundary=documents.boundary_policy(permissions_boundary_policy_input_list),
        resource=_resource_policy(resource_policy, caller_arn, resources),
        scp=documents.organization_levels(ordered_organization_policy_input_list),
    )
    simulation = _simulation(call, policies, caller_arn, resource_owner, context_entries)
    return answers(call, simulation, action_names, resources, marker, max_items)


@operation("iam", on=policy_source, reads=True, waits=True)
def simulate_principal_policy(
    call: Call,
    *,
    policy_source_arn: str,
    action_names: Sequence[str],
    policy_input_list: Sequence[str] = (),
    permissions_boundary_policy_input_list: Sequence[str] = (),
    policy_exclusion_list: Entries = (),
    resource_arns: Sequence[str] = (),
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: Entries = (),
    resource_handling_option: str | None = None,
    max_items: int | None = None,
    marker: str | None = None,
) -> dict[str, Any]:
    """Say what the policies of a user, group or role allow, with others added or left out."""
    caller_arn = caller_arn or call.account.arn(source_of(call, policy_source_arn))
    resources = _resources(action_names, resource_arns, resource_handling_option)
    stored = policies_of_source(call, policy_source_arn, policy_exclusion_list)
    boundary = documents.boundary_policy(permissions_boundary_policy_input_list)
    policies = Policies(
        identity=(*stored.identity, *documents.identity_policies(policy_input_list)),
        boundary=stored.boundary if boundary is None else boundary,
        resource=_resource_policy(resource_policy, caller_arn, resources),
    )
    simulation = _simulation(call, policies, caller_arn, resource_owner, context_entries)
    return answers(call, simulation, action_names, resources, marker, max_items)


def _resources(
    actions: Sequence[str], resources: Sequence[str], scenario: str | None
) -> Sequence[str]:
    """The resources to ask about; none stands for `*` alone."""
    if any(":" not in action for action in actions):
        raise InvalidSimulation.action()
    refuse_bad_resources(resources)
    refuse_bad_scenario(scenario, actions, resources)
    return () if set(resources) == {EVERY} else resources


def _resource_policy(
    text: str | None, caller: str | None, resources: Sequence[str]
) -> tuple[Attached, ...] | None:
    """The resource's policy, which needs somebody to name and something to stand on."""
    if text is None:
        return None
    if caller is None:
        raise InvalidSimulation.no_caller()
    if not resources or EVERY in resources:
        raise InvalidSimulation.entity(EVERY)
    return documents.resource_policy(text)


def _simulation(
    call: Call, policies: Policies, caller_arn: str | None, owner: str | None, entries: Entries
) -> Simulation:
    caller = _principal(caller_arn) if caller_arn else None
    principal = caller or Principal(PrincipalKind.USER, "", call.account.id)
    keys = given(entries)
    context = Context(defaults(caller, call.account.id, call.now) | keys)
    return Simulation(
        principal=principal,
        policies=comparable(policies, context),
        context=context,
        owner=_owner(owner) if owner else principal.account,
        missing=tuple(key for key in _asked(policies) if key.lower() not in keys),
    )


def _principal(arn: str) -> Principal:
    """The simulated caller; a group, which never calls, stands for any of its users."""
    parts = entity_arn(arn)
    if parts.resource_type == "group":
        return Principal(PrincipalKind.USER, arn, parts.account)
    return Principal.from_arn(arn)


def _owner(arn: str) -> str:
    """The account of a ResourceOwner.

    AWS: the API reference of SimulatePrincipalPolicy asks for an account's number, but that was
    recorded as refused.
    """
    parts = Arn.parse(arn)
    if parts is None or not parts.account:
        raise InvalidSimulation.resource_owner(arn)
    return parts.account


def _asked(policies: Policies) -> list[str]:
    """The keys that policies ask for, whatever their action and resource; not those of SCPs.

    Source: recorded answers, simulation: the more a policy asks, the longer the list, also where
    the statement is for another action.
    """
    found: dict[str, None] = {}
    for attached in (*policies.identity, *(policies.boundary or ()), *(policies.resource or ())):
        try:
            found.update(dict.fromkeys(context_key_names(attached.policy.text)))
        except UnreadableDocument:
            continue
    return [key for key in found if key not in ESCAPED]
