"""The decision as a formula over conditions: what would have to be met, policies as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from doorward.policy.decision import OUTSIDERS, ROOTS, Layer
from doorward.policy.explain.formula import (
    FALSE,
    TRUE,
    Formula,
    Met,
    all_of,
    any_of,
    leaves,
)
from doorward.policy.explain.report import ConditionRead, StatementRead
from doorward.policy.explain.steps import Step
from doorward.policy.guards import REFUSABLE, is_self_guarding, refusal
from doorward.policy.principals import ACCOUNT, DIRECT, ENTITY
from doorward.policy.request import PrincipalKind, Request

ANYHOW = ACCOUNT | ENTITY | DIRECT


def allowed_if(request: Request, steps: Sequence[Step]) -> Formula | None:
    """What a refused request's context would have to meet; `None` where none would do.

    A condition that is met already is left out, unless it asks a key that another one wants
    changed.
    """
    if request.folded in REFUSABLE and refusal(request):
        return None
    unmet = _Question(request, steps, frozenset()).whole()
    if unmet in {TRUE, FALSE}:
        return None
    keys = frozenset(leaf.condition.key.lower() for leaf in leaves(unmet))
    return _Question(request, steps, keys).whole()


@dataclass(frozen=True, slots=True)
class _Question:
    """A request and its steps.

    Attributes:
        kept: Keys whose conditions are told even where they are met.
    """

    request: Request
    steps: Sequence[Step]
    kept: frozenset[str]

    def whole(self) -> Formula:
        """As `decision.decide` goes: denials, gates, grant."""
        spared = (self._spared(step) for step in self.steps)
        gates = (
            self._granted(step) for step in self.steps if step.layer in {Layer.SCP, Layer.ENDPOINT}
        )
        return all_of((*spared, *gates, self._grant()))

    def _grant(self) -> Formula:
        caller = self.request.principal
        if caller.kind in OUTSIDERS:
            return self._by_resource(DIRECT)
        same = caller.account == self.request.resource_account
        guarding = is_self_guarding(self.request)
        if caller.kind in ROOTS:
            return TRUE if same and not guarding else self._by_resource(ANYHOW)
        inner = self._of(Layer.IDENTITY)
        if not same or guarding:
            inner = all_of((self._by_resource(ANYHOW), inner))
        if not same:
            return all_of((self._ceiling(), inner))
        limited = all_of((self._ceiling(), any_of((self._by_resource(ENTITY), inner))))
        return any_of((self._by_resource(DIRECT), limited))

    def _ceiling(self) -> Formula:
        session = self._of(Layer.SESSION, absent=self._no_session())
        return all_of((self._of(Layer.BOUNDARY, absent=TRUE), session))

    def _no_session(self) -> Formula:
        federated = self.request.principal.kind is PrincipalKind.FEDERATED_USER
        return FALSE if federated else TRUE

    def _of(self, layer: Layer, absent: Formula = FALSE) -> Formula:
        return next((self._granted(step) for step in self.steps if step.layer is layer), absent)

    def _by_resource(self, naming: int) -> Formula:
        layers = {Layer.RESOURCE, Layer.TRUST}
        found = (self._granted(step, naming) for step in self.steps if step.layer in layers)
        return next(found, FALSE)

    def _granted(self, step: Step, naming: int = ANYHOW) -> Formula:
        return any_of(
            all_of(self._leaf(one, negated=False) for one in read.conditions)
            for read in step.near
            if not read.statement.is_deny and _depends(read) and read.naming & naming
        )

    def _spared(self, step: Step) -> Formula:
        return all_of(
            any_of(self._leaf(one, negated=True) for one in read.conditions)
            for read in step.near
            if read.statement.is_deny and _depends(read)
        )

    def _leaf(self, one: ConditionRead, *, negated: bool) -> Formula:
        if one.doubt:
            return FALSE
        if one.holds is not negated and one.condition.key.lower() not in self.kept:
            return TRUE
        return Met(one.condition, negated)


def _depends(read: StatementRead) -> bool:
    """Whether it applies, or would if its conditions were met."""
    return read.failed in {"", "Condition"}
