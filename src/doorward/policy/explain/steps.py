"""Read every policy with a say, statement by statement."""

from collections.abc import Iterator

from doorward.policy.decision import OUTSIDERS, Layer, Outcome, Side, Sides, sides_of
from doorward.policy.explain.reading import read
from doorward.policy.explain.report import StatementRead, Step
from doorward.policy.guards import FREE, is_always_allowed
from doorward.policy.request import Policies, Request


def steps(request: Request, policies: Policies) -> tuple[Step, ...]:
    """What each type of policy says, in the order of the decision; of SCPs and RCPs each level.

    Types that are not read for such a caller, or for such an action, are left out.
    """
    if request.folded in FREE and is_always_allowed(request):
        return ()
    outside = request.principal.kind in OUTSIDERS
    sides = sides_of(policies)
    return tuple(_step(request, side, level) for side, level in _read(sides, outside=outside))


def _read(sides: Sides, *, outside: bool) -> Iterator[tuple[Side, int]]:
    yield from ((side, level) for level, side in enumerate(sides.rcp, 1))
    if not outside:
        yield from ((side, level) for level, side in enumerate(sides.scp, 1))
    inner = () if outside else (sides.boundary, sides.session, sides.identity)
    yield from ((side, 0) for side in (sides.endpoint, sides.resource, *inner) if side)


def _step(request: Request, side: Side, level: int) -> Step:
    shortlist = side.union.shortlist(request.action)
    entries = (*shortlist.denies.entries, *shortlist.allows.entries)
    found = sorted(
        ((position, rule.statement) for _, rule, position in entries),
        key=lambda each: (each[0], each[1].index),
    )
    reads = tuple(
        read(request, side.attached[position], statement, bounded=side.union.bounded)
        for position, statement in found
    )
    return Step(side.layer, level, _verdict(side.layer, reads), side.attached, reads)


def _verdict(layer: Layer, reads: tuple[StatementRead, ...]) -> Outcome:
    """What the type says alone; every level of RCPs has RCPFullAWSAccess."""
    if any(one.applies and one.statement.is_deny for one in reads):
        return Outcome.EXPLICITLY_DENIED
    if layer is Layer.RCP or any(one.applies for one in reads):
        return Outcome.ALLOWED
    return Outcome.IMPLICITLY_DENIED
