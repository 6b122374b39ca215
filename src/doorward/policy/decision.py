"""One request against every policy with a say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from doorward.policy.compile import Rule
from doorward.policy.document import Statement
from doorward.policy.guards import FREE, REFUSABLE, is_always_allowed, is_self_guarding, refusal
from doorward.policy.principals import DIRECT, ENTITY
from doorward.policy.request import Attached, Policies, PrincipalKind, Request
from doorward.policy.shortlist import Pile, Union, union


class Outcome(StrEnum):
    """The three words."""

    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"


class Layer(StrEnum):
    """What decided."""

    RCP = "rcp"
    SCP = "scp"
    ENDPOINT = "vpce"
    RESOURCE = "resource"
    TRUST = "trust"
    BOUNDARY = "boundary"
    SESSION = "session"
    IDENTITY = "identity"
    ROOT = "root"
    """The root user in its own account."""
    SERVICE = "service"
    """A service's own rule, beside the policies."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and what it rests on.

    Attributes:
        policy: Where the deciding statement stands; `None` for an implicit denial.
        reason: Short, for what the statement does not show, as in `could not evaluate operator X`.
    """

    outcome: Outcome
    layer: Layer
    policy: Attached | None = None
    statement: Statement | None = None
    reason: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.outcome is Outcome.ALLOWED


_ALLOWED: Final = Outcome.ALLOWED
_IMPLICIT: Final = Outcome.IMPLICITLY_DENIED
_EXPLICIT: Final = Outcome.EXPLICITLY_DENIED
OUTSIDERS: Final = frozenset(
    {
        PrincipalKind.SERVICE,
        PrincipalKind.WEB_IDENTITY,
        PrincipalKind.SAML,
        PrincipalKind.ANONYMOUS,
    }
)
"""Callers with no account of their own here: no identity, session, boundary or SCP is read."""
_PLANS: Final = 128
"""Actions remembered for one principal; there may be ten thousand principals."""
_FEDERATED: Final = PrincipalKind.FEDERATED_USER
ROOTS: Final = frozenset({PrincipalKind.ROOT, PrincipalKind.ASSUMED_ROOT})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Side:
    """The policies of one type (of one level, for SCP and RCP) in their compiled form.

    Attributes:
        made: Decisions by rule, so that asking again makes no new object.
        none: The denial where nothing here allows.
    """

    layer: Layer
    attached: tuple[Attached, ...]
    union: Union
    none: Decision
    made: dict[Rule, Decision] = field(default_factory=dict)

    def first(self, pile: Pile, request: Request, outcome: Outcome) -> Decision | None:
        """The decision by the first rule of the pile, one of this side's, that applies."""
        for applies, rule, position in pile.near(request.resource) if pile.sorted else pile.entries:
            if applies(request):
                return self.made.get(rule) or self.decision(rule, position, outcome)
        return None

    def decision(self, rule: Rule, position: int, outcome: Outcome) -> Decision:
        """The decision that rests on this rule."""
        attached = self.attached[position]
        found = Decision(outcome, self.layer, attached, rule.statement, rule.doubt)
        self.made[rule] = found
        return found

    def named(self, pile: Pile, request: Request) -> tuple[int, Decision | None]:
        """How closely the Allows here name the caller, all in all, and the closest one."""
        levels, closest, best = 0, None, 0
        for applies, rule, position in pile.near(request.resource):
            level = applies(request)
            if level > best:
                closest, best = (rule, position), level
            levels |= level
        if closest is None:
            return levels, None
        return levels, self.made.get(closest[0]) or self.decision(*closest, _ALLOWED)

    def nothing(self, request: Request) -> Decision:
        """The implicit denial, with what could not be evaluated here."""
        doubt = self.union.shortlist(request.action).allows.doubt
        return Decision(_IMPLICIT, self.layer, reason=doubt) if doubt else self.none


Part: TypeAlias = tuple[Side, Pile]
"""What one side says about one action: its Denies, or its Allows."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan:
    """What is left to ask about one action: parts that hold something, gates that may stay shut.

    Attributes:
        denies: In the order in which a denial is reported.
        outer: The part of `denies` that is read for any caller.
        scp: Levels that do not simply allow.
        endpoint: If there is one, and it does not simply allow.
        resource: The Allows of the resource's policy, if there are any.
        ceilings: The boundary and the session policy, where they do not simply allow.
    """

    denies: tuple[Part, ...]
    outer: tuple[Part, ...]
    scp: tuple[Part, ...]
    endpoint: tuple[Part, ...]
    resource: Part | None
    ceilings: tuple[Part, ...]
    identity: Pile


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sides:
    """All policies with a say, compiled.

    Attributes:
        every: In the order in which a denial is reported.
        outer: The part of `every` that is read for any caller.
        plans: Made so far, by action as asked.
    """

    every: tuple[Side, ...]
    outer: tuple[Side, ...]
    rcp: tuple[Side, ...]
    scp: tuple[Side, ...]
    endpoint: Side | None
    resource: Side | None
    boundary: Side | None
    session: Side | None
    identity: Side
    plans: dict[str, Plan] = field(default_factory=dict)


def decide(request: Request, policies: Policies) -> Decision:
    """Judge a request: explicit denials, then the gates, then the grant.

    Source: AWS, "How AWS enforcement code logic evaluates requests to allow or deny access".
    """
    # SPEED: the compiled form lives on the value; a dictionary look-up is all a second call pays.
    sides: Sides = policies.derived.get("sides") or sides_of(policies)
    if request.folded in FREE and is_always_allowed(request):
        return _BY_SERVICE
    plan = sides.plans.get(request.action) or _plan(sides, request.action)
    outside = request.principal.kind in OUTSIDERS
    for side, pile in plan.outer if outside else plan.denies:
        denial = side.first(pile, request, _EXPLICIT)
        if denial:
            return denial
    found = _gate(request, plan, outside=outside)
    if found is None:
        given = plan.resource
        levels, granted = given[0].named(given[1], request) if given else (0, None)
        if not outside:
            found = _grant(request, sides, plan, levels, granted)
        else:
            found = granted if granted and levels & DIRECT else _unnamed(request, sides)
    if request.folded in REFUSABLE and found.outcome is _ALLOWED:
        reason = refusal(request)
        if reason:
            return Decision(_IMPLICIT, Layer.SERVICE, reason=reason)
    return found


_BY_SERVICE: Final = Decision(_ALLOWED, Layer.SERVICE, reason="needs no permission")
_BY_ROOT: Final = Decision(_ALLOWED, Layer.ROOT, reason="the root user in its own account")
_NO_RESOURCE: Final = Decision(_IMPLICIT, Layer.RESOURCE)
_NO_TRUST: Final = Decision(_IMPLICIT, Layer.TRUST)
_NO_SESSION: Final = Decision(
    _IMPLICIT, Layer.SESSION, reason="a federated session without a session policy has nothing"
)


def _plan(sides: Sides, action: str) -> Plan:
    """What is left to ask about an action, made once for each."""
    # INVARIANT: callers choose the actions, so what is remembered must have a bound.
    if len(sides.plans) >= _PLANS:
        sides.plans.clear()
    endpoint = (sides.endpoint,) if sides.endpoint else ()
    allows = sides.resource.union.shortlist(action).allows if sides.resource else None
    made = sides.plans[action] = Plan(
        denies=tuple(_denying(sides.every, action)),
        outer=tuple(_denying(sides.outer, action)),
        scp=tuple(_doubtful(sides.scp, action)),
        endpoint=tuple(_doubtful(endpoint, action)),
        resource=(sides.resource, allows) if sides.resource and allows else None,
        ceilings=tuple(_doubtful((sides.boundary, sides.session), action)),
        identity=sides.identity.union.shortlist(action).allows,
    )
    return made


def _denying(sides: Iterable[Side], action: str) -> Iterator[Part]:
    for side in sides:
        pile = side.union.shortlist(action).denies
        if pile.entries:
            yield side, pile


def _doubtful(sides: Iterable[Side | None], action: str) -> Iterator[Part]:
    """The sides that do not simply allow, as one with `Allow *` on `*` does."""
    for side in sides:
        if side:
            pile = side.union.shortlist(action).allows
            if not pile.certain:
                yield side, pile


def _gate(request: Request, plan: Plan, *, outside: bool) -> Decision | None:
    """The ceilings that no resource policy lifts; RCPs allow everything they do not deny."""
    for side, pile in plan.endpoint if outside else (*plan.scp, *plan.endpoint):
        if not side.first(pile, request, _ALLOWED):
            return side.nothing(request)
    return None


def _unnamed(request: Request, sides: Sides) -> Decision:
    if sides.resource:
        return sides.resource.nothing(request)
    return _NO_TRUST if request.folded.startswith("sts:") else _NO_RESOURCE


def _grant(
    request: Request, sides: Sides, plan: Plan, levels: int, granted: Decision | None
) -> Decision:
    caller = request.principal
    same = caller.account == request.resource_account
    if caller.kind in ROOTS:
        return _to_root(request, sides, granted, same=same)
    if same and granted and levels & DIRECT:
        return granted
    # AWS: a resource policy that names the role or the user behind the session frees from the
    # identity policies only, one that names the account frees from nothing.
    if not granted and (not same or is_self_guarding(request)):
        return _unnamed(request, sides)
    ceiling = _ceiling(request, sides, plan)
    if ceiling:
        return ceiling
    if same and granted and levels & ENTITY:
        return granted
    allowed = sides.identity.first(plan.identity, request, _ALLOWED)
    return allowed or sides.identity.nothing(request)


def _to_root(request: Request, sides: Sides, granted: Decision | None, *, same: bool) -> Decision:
    """Root has its own account; a foreign or self-guarding resource must name the account."""
    if same and not is_self_guarding(request):
        return _BY_ROOT
    return granted or _unnamed(request, sides)


def _ceiling(request: Request, sides: Sides, plan: Plan) -> Decision | None:
    """The boundary, then the session policy, where it allows nothing here."""
    for side, pile in plan.ceilings:
        if not side.first(pile, request, _ALLOWED):
            return side.nothing(request)
    lacking = sides.session is None and request.principal.kind is _FEDERATED
    return _NO_SESSION if lacking else None


def sides_of(policies: Policies) -> Sides:
    """The policies compiled, once for each value."""
    made: Sides | None = policies.derived.get("sides")
    if made is None:
        made = policies.derived["sides"] = _compiled(policies)
    return made


def _compiled(policies: Policies) -> Sides:
    bounded = policies.boundary is not None
    trust = any(one.policy.kind == "trust" for one in policies.resource or ())
    rcp = tuple(_side(Layer.RCP, level) for level in policies.rcp)
    scp = tuple(_levels(policies.scp))
    endpoint = _optional(Layer.ENDPOINT, policies.endpoint)
    layer = Layer.TRUST if trust else Layer.RESOURCE
    resource = _optional(layer, policies.resource, bounded=bounded)
    boundary = _optional(Layer.BOUNDARY, policies.boundary)
    session = _optional(Layer.SESSION, policies.session)
    identity = _side(Layer.IDENTITY, policies.identity)
    inner = (boundary, session, identity)
    return Sides(
        every=_present(*rcp, *scp, endpoint, resource, *inner),
        outer=_present(*rcp, endpoint, resource),
        rcp=rcp,
        scp=scp,
        endpoint=endpoint,
        resource=resource,
        boundary=boundary,
        session=session,
        identity=identity,
    )


def _present(*sides: Side | None) -> tuple[Side, ...]:
    return tuple(side for side in sides if side and side.attached)


def _levels(levels: tuple[tuple[Attached, ...], ...]) -> Iterator[Side]:
    for number, level in enumerate(levels, 1):
        yield _side(Layer.SCP, level, reason=f"level {number} of {len(levels)} from the root")


def _optional(
    layer: Layer, attached: tuple[Attached, ...] | None, *, bounded: bool = False
) -> Side | None:
    return None if attached is None else _side(layer, attached, bounded=bounded)


def _side(
    layer: Layer, attached: tuple[Attached, ...], *, bounded: bool = False, reason: str = ""
) -> Side:
    made = union(tuple(one.policy for one in attached), bounded=bounded)
    return Side(layer, attached, made, Decision(_IMPLICIT, layer, reason=reason))
