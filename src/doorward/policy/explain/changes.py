"""The smallest change that would allow a refused request."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from doorward.policy.decision import OUTSIDERS, ROOTS, Layer, decide
from doorward.policy.document import Policy
from doorward.policy.explain.report import Change
from doorward.policy.explain.steps import Step
from doorward.policy.guards import is_self_guarding
from doorward.policy.principals import DIRECT, ENTITY
from doorward.policy.request import Attached, Policies, PrincipalKind, Request

_FIELDS: Final = {
    Layer.ENDPOINT: "endpoint",
    Layer.RESOURCE: "resource",
    Layer.TRUST: "resource",
    Layer.BOUNDARY: "boundary",
    Layer.SESSION: "session",
    Layer.IDENTITY: "identity",
    Layer.SCP: "scp",
    Layer.RCP: "rcp",
}
_KINDS: Final = _FIELDS | {Layer.TRUST: "trust"}
_NAMING: Final = frozenset({Layer.RESOURCE, Layer.TRUST, Layer.ENDPOINT})
_NAMEABLE: Final = frozenset({PrincipalKind.USER, PrincipalKind.FEDERATED_USER})
_OF_A_ROLE: Final = frozenset({PrincipalKind.SESSION, PrincipalKind.ROLE})


def changes(
    request: Request, policies: Policies, steps: Sequence[Step]
) -> tuple[Change, ...] | None:
    """All that has to change so that a refused request is allowed, as little as possible.

    `None` where no policy can allow it. The advice is tried out before it is given.
    """
    found = (*_in_the_way(steps), *_gates(request, steps), *_grants(request, steps))
    return found if decide(request, applied(policies, found)).allowed else None


def applied(policies: Policies, found: Iterable[Change]) -> Policies:
    """The policies after these changes."""
    for change in found:
        field = _FIELDS[change.layer]
        before = getattr(policies, field)
        if change.level:
            at = change.level - 1
            after = (*before[:at], _changed(before[at], change), *before[at + 1 :])
        else:
            after = _changed(before or (), change)
        fields: dict[str, Any] = {field: after}
        policies = replace(policies, **fields)
    return policies


def _changed(attached: tuple[Attached, ...], change: Change) -> tuple[Attached, ...]:
    if change.statement is not None:
        return (*attached, Attached(_policy(change), "the change"))
    return tuple(_without(one, change) for one in attached)


def _policy(change: Change) -> Policy:
    document = {"Version": "2012-10-17", "Statement": change.statement}
    return Policy.parse(json.dumps(document), _KINDS[change.layer])


def _without(one: Attached, change: Change) -> Attached:
    """The policy without the Deny. A managed policy is one document wherever it is attached."""
    if change.attached is None or _document(one) != _document(change.attached):
        return one
    left = tuple(each for each in one.policy.statements if each is not change.remove)
    return replace(one, policy=replace(one.policy, statements=left))


def _document(attached: Attached) -> tuple[str | None, ...]:
    """What tells one document from another; its text stays, whatever was taken out of it."""
    if attached.arn:
        return (attached.arn,)
    return attached.name, attached.attached_to, attached.policy.text


def _in_the_way(steps: Sequence[Step]) -> Iterator[Change]:
    for step in steps:
        told = set()
        for read in step.matched:
            place = (_document(read.attached), read.statement.index)
            if read.statement.is_deny and place not in told:
                told.add(place)
                yield Change(step.layer, step.level, read.attached, read.statement)


def _gates(request: Request, steps: Sequence[Step]) -> Iterator[Change]:
    for step in steps:
        if step.layer in {Layer.SCP, Layer.ENDPOINT} and not _naming(step):
            yield _add(request, step.layer, step)


def _naming(step: Step | None) -> int:
    """How closely the Allows that apply name the caller; other kinds of policy: any number."""
    bits = 0
    for read in step.matched if step else ():
        bits |= 0 if read.statement.is_deny else read.naming
    return bits


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a request stands before the grant, each type by its layer."""

    steps: Mapping[Layer, Step]

    def allows(self, layer: Layer) -> bool:
        return bool(_naming(self.steps.get(layer)))

    @property
    def resource(self) -> Step | None:
        return self.steps.get(Layer.RESOURCE) or self.steps.get(Layer.TRUST)


def _grants(request: Request, steps: Sequence[Step]) -> tuple[Change, ...]:
    """As `decision` goes through the grant, taking the way with the fewest changes."""
    standing = _Standing({step.layer: step for step in steps if not step.level})
    caller, own = request.principal, standing.resource
    named = _naming(own)
    by_resource = _add(request, _resource_layer(request, own), own)
    same, guarding = caller.account == request.resource_account, is_self_guarding(request)
    if caller.kind in OUTSIDERS:
        return () if named & DIRECT else (by_resource,)
    if caller.kind in ROOTS:
        return () if named or (same and not guarding) else (by_resource,)
    ceilings = tuple(_ceilings(request, standing))
    identity = () if standing.allows(Layer.IDENTITY) else (_add(request, Layer.IDENTITY),)
    if not same:
        return (*ceilings, *identity, *(() if named else (by_resource,)))
    if named & DIRECT:
        return ()
    if named & ENTITY:
        return ceilings
    ways = [] if guarding and not named else [(*ceilings, *identity)]
    direct = (by_resource,) if caller.kind in _NAMEABLE else (*ceilings, by_resource)
    if own:
        ways.append(direct)
    return min(ways, key=len, default=direct)


def _ceilings(request: Request, standing: _Standing) -> Iterator[Change]:
    federated = request.principal.kind is PrincipalKind.FEDERATED_USER
    for layer in (Layer.BOUNDARY, Layer.SESSION):
        step = standing.steps.get(layer)
        needed = step is not None or (federated and layer is Layer.SESSION)
        if needed and not standing.allows(layer):
            yield _add(request, layer, step)


def _resource_layer(request: Request, step: Step | None) -> Layer:
    if step:
        return step.layer
    return Layer.TRUST if request.folded.startswith("sts:") else Layer.RESOURCE


def _add(request: Request, layer: Layer, step: Step | None = None) -> Change:
    statement: dict[str, Any] = {"Effect": "Allow"}
    if layer in _NAMING:
        statement["Principal"] = _name(request)
    statement["Action"] = request.action
    if layer is not Layer.TRUST:
        # AWS: until 2025 an SCP could allow on every resource only; that form is always taken.
        literal = request.resource.replace("${", "${$}{")
        statement["Resource"] = "*" if layer is Layer.SCP else literal
    level = step.level if step else 0
    sole = step.attached[0] if step and not level and len(step.attached) == 1 else None
    extended = sole if layer is not Layer.IDENTITY else None
    return Change(layer, level, extended, statement=statement)


def _name(request: Request) -> Any:
    """The caller as a Principal element: a session by its role."""
    caller = request.principal
    if caller.kind is PrincipalKind.ANONYMOUS:
        return "*"
    if caller.kind is PrincipalKind.SERVICE:
        return {"Service": caller.arn}
    if caller.provider:
        return {"Federated": caller.provider}
    if caller.kind in ROOTS:
        return {"AWS": f"arn:aws:iam::{caller.account}:root"}
    role = caller.entity_arn if caller.kind in _OF_A_ROLE else None
    return {"AWS": role or caller.arn}
