"""Who can do an action on a resource: every principal of an account at once.

The engine is asked once for principals of which it must say the same, so the answers are those of
asking one by one. It is asked for each principal alone where a statement that matches the action
asks about the principal (a variable, a condition on its ARN, its name, its tags), and where the
resource's policy names it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from doorward.account.account import Account
from doorward.analysis.question import Holder, Question
from doorward.analysis.who_can_index import Index, Place, index_of, is_asking
from doorward.policy import (
    Attached,
    Context,
    Decision,
    Layer,
    Policy,
    PrincipalKind,
    Request,
    Statement,
)
from doorward.policy.actions import action_index
from doorward.policy.arn import without_path
from doorward.policy.compile import rule
from doorward.policy.resources import prefixes
from doorward.policy.variables import Values


@dataclass(frozen=True, slots=True)
class Answer:
    """One principal, by its ARN, and what the engine decides."""

    principal: str
    decision: Decision


def who_can(
    account: Account,
    action: str,
    resource: str,
    *,
    context: Mapping[str, Values] | None = None,
    resource_policy: Attached | None = None,
    resource_account: str | None = None,
    root: bool = False,
) -> list[Answer]:
    """Decide for every user, then every role of the account, by name.

    Args:
        account: The account, live or from a snapshot.
        action: `service:Name`; it need not be in the catalogue.
        resource: An ARN, or `*`.
        context: Condition keys of the call; each principal's own keys are filled in.
        resource_policy: What stands on the resource. For actions of STS on a role of the account
            its trust policy is taken where none is given.
        resource_account: Who owns the resource; else the ARN's account, else this one.
        root: Whether to ask about the root user too, last.
    """
    question = Question.of(
        *(account, action, resource),
        context=context,
        resource_policy=resource_policy,
        resource_account=resource_account,
    )
    index = index_of(account)
    answers = [
        Answer(holder.principal.arn, decision)
        for holder, decision in zip(index.holders, _decisions(index, question), strict=True)
    ]
    return answers if root else answers[:-1]


def _decisions(index: Index, question: Question) -> list[Decision]:
    """A decision for each holder, in their order."""
    alone = _singled_out(index, question)
    likenesses = _Reading(index, question).likenesses()
    found: dict[int, Decision] = {}
    shared: dict[_Likeness, Decision] = {}
    for members, likeness in zip(index.members, likenesses, strict=True):
        for member in members:
            holder = index.holders[member]
            if likeness is None or alone is None or member in alone:
                found[member] = question.decide(holder)
            elif likeness in shared:
                found[member] = _bound(shared[likeness], holder)
            else:
                found[member] = shared[likeness] = question.decide(holder)
    return [found[member] for member in range(len(index.holders))]


def _bound(decision: Decision, holder: Holder) -> Decision:
    """The decision with the policy where this holder has it."""
    if decision.policy is None or decision.layer not in {Layer.BOUNDARY, Layer.IDENTITY}:
        return decision
    policies = holder.policies
    side = policies.identity if decision.layer is Layer.IDENTITY else policies.boundary or ()
    document = decision.policy.policy
    held = next(one for one in side if one.policy is document)
    return Decision(decision.outcome, decision.layer, held, decision.statement, decision.reason)


def _singled_out(index: Index, question: Question) -> frozenset[int] | None:
    """The holders whom the resource's policy may treat otherwise than others of their kind.

    `None`: any of them.
    """
    if question.policy is None:
        return frozenset()
    statements = action_index(question.policy.policy).find(question.action.lower())
    if any(is_asking(each, index.differing) for each in statements):
        return None
    names = [
        name
        for each in statements
        for element in (each.principals or {}, each.not_principals or {})
        for value in element.get("AWS", ())
        for name in (value, without_path(value))
    ]
    return frozenset(index.names[name] for name in names if name in index.names)


class _Likeness(NamedTuple):
    """Two classes with the same one get the same decision."""

    kind: PrincipalKind
    bounded: bool
    held: tuple[tuple[int, Policy], ...]


class _Reading:
    """The statements that match the action, read once for all who hold them.

    Attributes:
        weights: How many statements of a policy apply, or could not be evaluated.
        personal: The policies of which that depends on the principal.
    """

    def __init__(self, index: Index, question: Question) -> None:
        self._index = index
        self.weights: Counter[Policy] = Counter()
        self.personal: set[Policy] = set()
        probe = _probe(index, question)
        for statement in index.actions.find(probe.folded):
            self._read(statement, probe)

    def _read(self, statement: Statement, probe: Request) -> None:
        policy, made = self._index.policies[statement], rule(statement)
        if statement not in self._index.personal:
            self.weights[policy] += bool(made.doubt or made.applies(probe))
        elif _reaches(statement, probe.resource):
            self.personal.add(policy)
        else:
            self.weights[policy] += bool(made.doubt)

    def likenesses(self) -> list["_Likeness | None"]:
        """What each class is like; `None`: each of its members is to be asked about alone."""
        held: dict[int, list[tuple[Place, Policy]]] = defaultdict(list)
        for policy in {*self.weights, *self.personal}:
            for number, place in self._index.places[policy]:
                held[number].append((place, policy))
        return [
            self._likeness(number, sorted(held.get(number, ())))
            for number in range(len(self._index.kin))
        ]

    def _likeness(self, number: int, held: list[tuple[Place, Policy]]) -> "_Likeness | None":
        if self.personal and any(policy in self.personal for _, policy in held):
            return None
        # INVARIANT: which of several statements decides may depend on those that do not apply
        # (`shortlist`), so they are left out only where no two in one type of policy have a say.
        sides = Counter[int]()
        for place, policy in held:
            sides[place.side] += self.weights[policy]
        if all(weight <= 1 for weight in sides.values()):
            held = [one for one in held if self.weights[one[1]]]
        kin = self._index.kin[number]
        return _Likeness(
            kin.kind,
            kin.boundary is not None,
            tuple((place.side, policy) for place, policy in held),
        )


def _probe(index: Index, question: Question) -> Request:
    """The question with what is known of every holder."""
    context = Context(index.common | question.context)
    someone = index.holders[0].principal
    return Request(someone, question.action, question.resource, question.owner, context)


def _reaches(statement: Statement, resource: str) -> bool:
    """Whether the statement may apply to the resource, by the beginnings of its patterns."""
    wanted = prefixes(statement)
    return wanted is None or any(
        resource == text if whole else resource.startswith(text) for text, whole in wanted
    )
