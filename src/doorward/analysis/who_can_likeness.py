"""Which principals get the same decision on a question, because the same statements have a say."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from doorward.analysis.question import Question
from doorward.analysis.who_can_index import Index, Likeness, Place
from doorward.policy import Context, Policy, Request, Statement
from doorward.policy.compile import rule
from doorward.policy.resources import prefixes


def likenesses(index: Index, question: Question) -> list[Likeness | None]:
    """What each class of principals is like; `None`: each member is to be asked about alone."""
    reading = _Reading(index, question)
    held: dict[int, list[tuple[Place, Policy]]] = defaultdict(list)
    for policy in filter(reading.weights.get, reading.weights):
        for number, place in index.places[policy]:
            held[number].append((place, policy))
    found: list[Likeness | None] = list(index.idle)
    for number, policies in held.items():
        found[number] = reading.likeness(number, policies)
    for policy in reading.personal:
        for number, _ in index.places[policy]:
            found[number] = None
    return found


class _Reading:
    """The statements that match the action, each read once for all who hold it.

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

    def likeness(self, number: int, weighty: list[tuple[Place, Policy]]) -> Likeness:
        """Of a class whose policies of some weight are these."""
        idle = self._index.idle[number]
        # INVARIANT: which of several statements decides may depend on those that do not apply
        # (`shortlist`), so these are left out only where no two in one type of policy have a say.
        if self._is_clear(weighty):
            return idle.holding(sorted(weighty))
        every = self._index.kin[number].held()
        return idle.holding((place, policy) for place, policy in every if policy in self.weights)

    def _is_clear(self, weighty: Iterable[tuple[Place, Policy]]) -> bool:
        sides = [place.side for place, policy in weighty for _ in range(self.weights[policy])]
        return len(sides) == len(set(sides))


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
