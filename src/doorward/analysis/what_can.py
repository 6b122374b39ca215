"""What a principal of an account can do: on one resource, or at all."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from doorward.account.account import Account
from doorward.analysis import action_rows
from doorward.analysis.action_rows import Row
from doorward.analysis.actions_on import actions_on
from doorward.analysis.question import Holder, Question, holder_of
from doorward.analysis.what_can_rows import Known, Reach, Source, reach_of
from doorward.policy import Attached, Context, Decision, Request
from doorward.policy.guards import FREE, SELF_GUARDING, is_always_allowed
from doorward.policy.variables import Values


class State(StrEnum):
    """What the principal's own policies say of an action.

    Other resources' own policies may add to it and take from it.
    """

    ALWAYS = "always"
    """On every resource, in every context; of one resource: it is allowed."""
    SOMETIMES = "sometimes"
    """On some resources or under some conditions: the action alone does not say."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Ability:
    """One action of the catalogue.

    Attributes:
        sources: The statements that decide: every Allow and Deny that may apply; of one resource
            the one the decision rests on. Empty where a service's own rule decides.
        guarded: The resource's own policy must allow too (keys of KMS, roles to assume).
    """

    action: str
    state: State
    sources: tuple[Source, ...] = ()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Abilities:
    """Everything one principal can do.

    Attributes:
        resource: What was asked about; `None` stands for any.
        found: The actions that are not `NEVER`, by service and name.
        asked: How many actions were looked at.
    """

    principal: str
    resource: str | None
    found: tuple[Ability, ...]
    asked: int

    def by_service(self) -> dict[str, tuple[Ability, ...]]:
        """The abilities by service prefix."""
        grouped = groupby(self.found, key=lambda one: one.action.partition(":")[0])
        return {service: tuple(found) for service, found in grouped}


def what_can(
    account: Account,
    principal: str,
    resource: str | None = None,
    *,
    context: Mapping[str, Values] | None = None,
    resource_policy: Attached | None = None,
    resource_account: str | None = None,
) -> Abilities | None:
    """Look at every action of the catalogue; `None`: the account has no such principal.

    With a resource, each action that takes it is decided. Without one, the state of each action is
    what the principal's own policies say of all resources of its account together; `ALWAYS` and
    `NEVER` are certain, and `context` fixes the keys it names while all others stay open.

    Args:
        account: The account, live or from a snapshot.
        principal: The ARN of a user, a role, a role session or the root user.
        resource: An ARN, or `*` for the actions that take none.
        context: Condition keys of the call; the principal's own are filled in.
        resource_policy: What stands on the resource.
        resource_account: Who owns the resource; else the ARN's account, else this one.
    """
    holder = holder_of(account, principal)
    if holder is None:
        return None
    if resource is None:
        return _at_all(holder, Known.of(holder, Context.of(context or {})))

    def question(action: str) -> Question:
        return Question.of(
            *(account, action, resource),
            context=context,
            resource_policy=resource_policy,
            resource_account=resource_account,
        )

    return _on(holder, resource, question)


def _on(holder: Holder, resource: str, question: Callable[[str], Question]) -> Abilities:
    asked = actions_on(resource)
    decisions = ((action, question(action).decide(holder)) for action in asked)
    found = tuple(
        Ability(action, State.ALWAYS, tuple(_rests_on(decision)))
        for action, decision in decisions
        if decision.allowed
    )
    return Abilities(holder.principal.arn, resource, found, len(asked))


def _rests_on(decision: Decision) -> Iterator[Source]:
    if decision.policy and decision.statement:
        yield Source(decision.layer, decision.policy, decision.statement)


def _at_all(holder: Holder, known: Known) -> Abilities:
    reach = reach_of(holder.policies, known)
    always = reach.always | action_rows.of_names(_free(holder, known))
    some = always | reach.sometimes
    certain = frozenset(action_rows.members(always))
    sources = _sources(reach, some)
    found = tuple(
        Ability(
            action,
            State.ALWAYS if action in certain else State.SOMETIMES,
            tuple(sources.get(action, ())),
            guarded=action in _guarded(),
        )
        for action in action_rows.members(some)
    )
    return Abilities(holder.principal.arn, None, found, len(action_rows.names()))


def _sources(reach: Reach, wanted: Row) -> dict[str, list[Source]]:
    """The statements that may apply to an action, for each of those wanted."""
    found: dict[str, list[Source]] = defaultdict(list)
    for source, row in reach.sources:
        for action in action_rows.members(row & wanted):
            found[action].append(source)
    return found


@cache
def _guarded() -> frozenset[str]:
    return frozenset(
        name
        for name in action_rows.names()
        if any(actions.fullmatch(name.lower()) for actions, _ in SELF_GUARDING)
    )


def _free(holder: Holder, known: Known) -> Iterator[str]:
    """The actions that need no permission."""
    for name in sorted(FREE):
        request = Request(holder.principal, name, "*", holder.principal.account, known.keys)
        if is_always_allowed(request):
            yield from action_rows.members(action_rows.of_pattern(name))
