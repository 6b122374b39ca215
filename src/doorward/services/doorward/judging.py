"""One question put to the engine, and as much of the answer as the asker may know."""

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from doorward.authz.decide import Asked
from doorward.policy import Decision, Layer, Outcome, Request, decide
from doorward.policy.explain import as_json, describe, explain
from doorward.services.call import Call, Proven
from doorward.services.doorward.context import Thing, refuse_fixed
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import Question, context_values
from doorward.services.doorward.posing import (
    Who,
    account_named,
    policy_on,
    posed,
    thing_asked_about,
    who_is_named,
    who_signed,
)

NOT_FOR_YOU = "this caller may ask about principals of its own account, or about resources of it"
FOR_DOORWARD = "the request was signed as a call to a service that Doorward itself answers"
NOBODY = "there is no such principal"
ELSEWHERE = "denied; why is not told about principals of another account"
OF_OTHERS = "by a policy of another account, which is not told"

_OF_THE_RESOURCE = frozenset({Layer.RCP, Layer.RESOURCE, Layer.TRUST})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one question.

    Attributes:
        principal: The ARN or the service's name; empty for nobody.
        explanation: For programs, where it was asked for and may be told.
    """

    outcome: Outcome
    reason: str
    principal: str
    explanation: dict[str, Any] | None = None

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.outcome is Outcome.ALLOWED


def verdict(call: Call, question: Question, proven: Proven | None, place: str = "") -> Verdict:
    """Answer a question.

    Args:
        call: The asker's.
        question: As read.
        proven: What became of its signed request, if it holds one.
        place: Where the question stands in the body, with a dot at its end; empty for the body.

    Raises:
        ValidationException: the question makes no sense; names the path.
    """
    if proven and proven.refusal:
        return _no(f"the request proves nobody: {proven.refusal}")
    if proven and question.action is UNSET:
        return _of_call(call, question, proven, place)
    # INVARIANT: what was signed to prove somebody to Doorward, as a presigned GetCallerIdentity, is
    # handed to others; it asks nothing of an application.
    if proven and proven.service:
        return _no(f"{FOR_DOORWARD}: {proven.service}")
    return _of_question(call, question, proven, place)


def _of_question(call: Call, question: Question, proven: Proven | None, place: str) -> Verdict:
    """A question that says what is to be done, about whom it names or whoever signed."""
    who = who_signed(proven) if proven else who_is_named(call, question, place)
    thing = thing_asked_about(call, question, place)
    given = {} if question.context is UNSET else context_values(question.context, f"{place}context")
    # INVARIANT: whatever refuses the question stands above whoever exists.
    refuse_fixed(given, thing, f"{place}context")
    policy = policy_on(call, question, thing, place)
    shown = who.shown if who else str(question.principal)
    account = who.caller.account if who else account_named(question)
    foreign = _is_foreign(call, account)
    # INVARIANT: a service has no account, and would learn for the asker which roles of another
    # account trust it.
    if thing.owner != call.account.id and (foreign or (thing.of_others and not account)):
        return _no(NOT_FOR_YOU, shown)
    if who is None:
        return _no(ELSEWHERE if foreign else NOBODY, shown)
    request, policies = posed(call, question, who, thing, policy, proven, given, place)
    if question.explain and not foreign and not thing.of_others:
        found = explain(request, policies)
        return Verdict(found.decision.outcome, describe(found.decision), shown, as_json(found))
    decision = decide(request, policies)
    return _of_other_account(decision, shown) if foreign else _told(decision, thing, shown)


def _of_call(call: Call, question: Question, proven: Proven, place: str) -> Verdict:
    """A signed request that tells its own action: what Doorward would answer to it."""
    for name in ("resource", "resource_account", "resource_policy", "resource_tags"):
        if getattr(question, name) is not UNSET:
            raise ValidationException.at(f"{place}{name}", "goes with an action")
    _refuse_all_but_the_address(question, place)
    who, judged = who_signed(proven), proven.judged
    if judged is None:
        reason = f"it names no action, and the request does not tell: {proven.unread}"
        return _no(reason, who.shown)
    owner = judged.asked.owner if judged.asked else who.caller.account
    foreign = _is_foreign(call, who.caller.account)
    if foreign and owner != call.account.id:
        return _no(NOT_FOR_YOU, who.shown)
    if judged.decision is None or judged.asked is None:
        outcome = Outcome.ALLOWED if judged.allowed else Outcome.IMPLICITLY_DENIED
        return Verdict(outcome, judged.reason or "needs no permission", who.shown)
    if foreign:
        return _of_other_account(judged.decision, who.shown)
    thing = Thing(judged.asked.resource, owner, of_others=owner != call.account.id)
    if question.explain and not thing.of_others:
        told = _explained(who, judged.asked)
        return Verdict(judged.decision.outcome, describe(judged.decision), who.shown, told)
    return _told(judged.decision, thing, who.shown)


def _refuse_all_but_the_address(question: Question, place: str) -> None:
    for key in () if question.context is UNSET else question.context:
        if key.lower() != "aws:sourceip":
            raise ValidationException.at(f"{place}context.{key[:80]}", "goes with an action")


def _explained(who: Who, asked: Asked) -> dict[str, Any]:
    principal, policies = who.asks(asked.policy)
    request = Request(principal, asked.action, asked.resource, asked.owner, asked.context)
    return as_json(explain(request, policies))


def _is_foreign(call: Call, account: str) -> bool:
    """The principal is of another account than the asker's."""
    return account not in {"", call.account.id}


def _no(reason: str, shown: str = "") -> Verdict:
    """A refusal no policy made."""
    return Verdict(Outcome.IMPLICITLY_DENIED, reason, shown)


def _told(decision: Decision, thing: Thing, shown: str) -> Verdict:
    hidden = thing.of_others and decision.layer in _OF_THE_RESOURCE
    return Verdict(decision.outcome, OF_OTHERS if hidden else describe(decision), shown)


def _of_other_account(decision: Decision, shown: str) -> Verdict:
    # INVARIANT: of another account's principals nobody learns the policies, nor who exists: a
    # denial is the one that a principal who is not there gets.
    if not decision.allowed:
        return _no(ELSEWHERE, shown)
    reason = describe(decision) if decision.layer in _OF_THE_RESOURCE else OF_OTHERS
    return Verdict(decision.outcome, reason, shown)
