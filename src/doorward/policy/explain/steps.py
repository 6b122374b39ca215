"""Read every policy with a say, statement by statement."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from doorward.policy.decision import OUTSIDERS, Layer, Outcome, Side, Sides, sides_of
from doorward.policy.explain.reading import Elements, elements_of, read
from doorward.policy.explain.report import StatementRead
from doorward.policy.guards import FREE, is_always_allowed
from doorward.policy.request import Attached, Policies, Request
from doorward.policy.shortlist import Entries, Shortlist, Union

Ordered: TypeAlias = tuple[tuple[int, Elements], ...]


def steps(request: Request, policies: Policies) -> "tuple[Step, ...]":
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


class Step(NamedTuple):
    """One type of policy, or one level of SCPs or RCPs.

    Attributes:
        level: Counted from 1 at the organization's root; 0 for other types.
        verdict: What this type alone says.
        attached: The policies of the type.
        near: Their statements whose action matches and whose Resource begins as the request's.
        matched: Those that apply.
    """

    layer: Layer
    level: int
    verdict: Outcome
    attached: tuple[Attached, ...]
    near: tuple[StatementRead, ...]
    matched: tuple[StatementRead, ...]
    request: Request
    union: Union

    @property
    def reads(self) -> tuple[StatementRead, ...]:
        """All statements whose action matches, in order; the others do not apply."""
        return _reads(self.request, self.attached, _all(self.union, self.request))


def _step(request: Request, side: Side, level: int) -> Step:
    near = _reads(request, side.attached, _near(side.union, request))
    matched = tuple(read for read in near if not read.failed)
    verdict = _verdict(side.layer, matched)
    return Step(side.layer, level, verdict, side.attached, near, matched, request, side.union)


def _verdict(layer: Layer, matched: tuple[StatementRead, ...]) -> Outcome:
    """What the type says alone; every level of RCPs has RCPFullAWSAccess."""
    if not matched and layer is not Layer.RCP:
        return Outcome.IMPLICITLY_DENIED
    denied = any(read.statement.is_deny for read in matched)
    return Outcome.EXPLICITLY_DENIED if denied else Outcome.ALLOWED


def _reads(
    request: Request, attached: tuple[Attached, ...], found: Ordered
) -> tuple[StatementRead, ...]:
    return tuple(read(request, attached[position], elements) for position, elements in found)


def _all(union: Union, request: Request) -> Ordered:
    return _ordered(union.shortlist(request.action), bounded=union.bounded)


def _near(union: Union, request: Request) -> Ordered:
    # SPEED: of a thousand statements about one service a handful is near one resource.
    shortlist = union.shortlist(request.action)
    denies, allows = shortlist.denies, shortlist.allows
    if not (denies.sorted or allows.sorted):
        return _ordered(shortlist, bounded=union.bounded)
    entries = (*denies.near(request.resource), *allows.near(request.resource))
    return _in_order(entries, bounded=union.bounded)


@lru_cache(maxsize=1024)
def _ordered(shortlist: Shortlist, *, bounded: bool) -> Ordered:
    entries = (*shortlist.denies.entries, *shortlist.allows.entries)
    return _in_order(entries, bounded=bounded)


def _in_order(entries: Entries, *, bounded: bool) -> Ordered:
    """The statements as they stand in the documents, each once, with the number of its policy."""
    found = {(position, rule.statement.index): rule.statement for _, rule, position in entries}
    return tuple((at[0], elements_of(found[at], bounded=bounded)) for at in sorted(found))
