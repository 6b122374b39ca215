"""Who can do an action on a resource: every principal of an account at once.

The engine is asked once for principals of which it must say the same, so the answers are those of
asking one by one. It is asked for each principal alone where a statement that matches the action
asks about the principal (a variable, a condition on its ARN, its name, its tags), and where the
resource's policy names it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from doorward.account.account import Account
from doorward.analysis.question import Holder, Question
from doorward.analysis.who_can_index import Index, Likeness, index_of, is_asking
from doorward.analysis.who_can_likeness import likenesses
from doorward.policy import Attached, Decision, Layer
from doorward.policy.actions import action_index
from doorward.policy.arn import without_path
from doorward.policy.variables import Values


class Answer(NamedTuple):
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
    answers = list(map(Answer, index.arns, _decisions(index, question)))
    return answers if root else answers[:-1]


def _decisions(index: Index, question: Question) -> list[Decision]:
    """A decision for each holder, in their order."""
    alone = _singled_out(index, question)
    if alone is None:
        return [question.decide(holder) for holder in index.holders]
    found: dict[int, Decision] = {}
    shared: dict[Likeness, Decision] = {}
    for members, likeness in zip(index.members, likenesses(index, question), strict=True):
        for member in members:
            if likeness is None or member in alone:
                found[member] = question.decide(index.holders[member])
            elif likeness in shared:
                found[member] = _bound(shared[likeness], index.holders[member])
            else:
                found[member] = shared[likeness] = question.decide(index.holders[member])
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
