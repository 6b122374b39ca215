"""Read every policy with a say, statement by statement."""

from collections.abc import Iterator
from functools import lru_cache

from doorward.policy.decision import OUTSIDERS, Layer, Outcome, Side, Sides, sides_of
from doorward.policy.explain.reading import Elements, elements_of, read
from doorward.policy.explain.report import StatementRead, Step
from doorward.policy.guards import FREE, is_always_allowed
from doorward.policy.request import Policies, Request
from doorward.policy.shortlist import Shortlist


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
    union = side.union
    reads = tuple(
        read(request, side.attached[position], elements)
        for position, elements in _ordered(union.shortlist(request.action), bounded=union.bounded)
    )
    return Step(side.layer, level, _verdict(side.layer, reads), side.attached, reads)


@lru_cache(maxsize=1024)
def _ordered(shortlist: Shortlist, *, bounded: bool) -> tuple[tuple[int, Elements], ...]:
    """The statements as they stand in the documents, each with the number of its policy."""
    entries = (*shortlist.denies.entries, *shortlist.allows.entries)
    found = {(position, rule.statement.index): rule.statement for _, rule, position in entries}
    return tuple((at[0], elements_of(found[at], bounded=bounded)) for at in sorted(found))


def _verdict(layer: Layer, reads: tuple[StatementRead, ...]) -> Outcome:
    """What the type says alone; every level of RCPs has RCPFullAWSAccess."""
    effects = {one.statement.effect for one in reads if not one.failed}
    if "Deny" in effects:
        return Outcome.EXPLICITLY_DENIED
    return Outcome.ALLOWED if effects or layer is Layer.RCP else Outcome.IMPLICITLY_DENIED
