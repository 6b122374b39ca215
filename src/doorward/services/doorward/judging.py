"""One question put to the engine about a principal of this Doorward, and the answer to it."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from msgspec import UNSET

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import Tag
from doorward.authz.callers import caller_in
from doorward.authz.decide import principal_of
from doorward.authz.gather import policies_of, principal_in, resource_policy_of
from doorward.policy import (
    Arn,
    Attached,
    Context,
    Decision,
    Layer,
    Outcome,
    Policies,
    Policy,
    Principal,
    Request,
    decide,
)
from doorward.policy.explain import as_json, describe, explain
from doorward.services.call import Call, Judged, Proven
from doorward.services.doorward.context import Circumstances, Thing, filled, region_of
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import Question, context_values, is_account, tags_of

_OF_THE_RESOURCE = frozenset({Layer.RCP, Layer.RESOURCE, Layer.TRUST})
NOT_FOR_YOU = "this caller may ask about principals of its own account, or about resources of it"
NOBODY = "there is no such principal"


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


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a question is about, with its own account as it stands.

    Attributes:
        named: It was named and not proven.
    """

    caller: Caller
    account: Account | None
    named: bool

    @property
    def shown(self) -> str:
        """The ARN or the service's name."""
        return self.caller.arn or (self.caller.name if not self.caller.account else "")

    def asks(self, resource: Attached | None) -> tuple[Principal, Policies]:
        """As the engine takes it, with its policies."""
        if self.named and self.account:
            found = principal_in(self.account, self.caller.arn, resource)
            assert found is not None  # noqa: S101 - the caller was found in this very value
            return found
        return principal_of(self.caller), policies_of(self.caller, self.account, resource)


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
        return _of_judged(call, question, proven, place)
    who = _of_proven(proven) if proven else _of_named(call, question, place)
    thing = _thing(call, question, place)
    foreign = is_foreign(call, who.caller.account if who else _account_in(question))
    if foreign and thing.owner != call.account.id:
        return _no(NOT_FOR_YOU, who)
    if who is None:
        return _no("denied in the principal's account" if foreign else NOBODY, None, question)
    request, policies = _posed(call, question, who, thing, proven, place)
    if question.explain and not foreign:
        found = explain(request, policies)
        return _told(found.decision, who, as_json(found), foreign=False)
    return _told(decide(request, policies), who, None, foreign=foreign)


def _no(reason: str, who: Who | None = None, question: Question | None = None) -> Verdict:
    """A refusal no policy made."""
    named = question.principal if question and isinstance(question.principal, str) else ""
    return Verdict(Outcome.IMPLICITLY_DENIED, reason, who.shown if who else named)


def _told(
    decision: Decision, who: Who, explanation: dict[str, Any] | None, *, foreign: bool
) -> Verdict:
    # INVARIANT: another account's policies are told to nobody: neither names nor statements.
    told = not foreign or decision.layer in _OF_THE_RESOURCE
    reason = describe(decision) if told else f"{decision.outcome} in the principal's account"
    return Verdict(decision.outcome, reason, who.shown, explanation)


def is_foreign(call: Call, account: str) -> bool:
    """The principal is of another account than the asker's."""
    return account not in {"", call.account.id}


def _of_proven(proven: Proven) -> Who:
    return Who(proven.caller, proven.account, named=False)


def _of_named(call: Call, question: Question, place: str) -> Who | None:
    """Whom the question names; None where there is no such principal."""
    text = question.principal
    if text is UNSET:
        raise ValidationException.at(
            f"{place}principal", "required: an ARN, a service's name or null"
        )
    if text is None:
        return Who(Caller.anonymous(), None, named=True)
    if ":" not in text and "." in text:
        return Who(Caller.service(text), None, named=True)
    arn = Arn.parse(text)
    if arn is None:
        raise ValidationException.at(
            f"{place}principal", "expected an ARN, a service's name or null"
        )
    own = arn.account == call.account.id
    account = call.account if own else call.desk.account(arn.account)
    caller = caller_in(account, text) if account else None
    return Who(caller, account, named=True) if caller else None


def _account_in(question: Question) -> str:
    arn = Arn.parse(question.principal) if isinstance(question.principal, str) else None
    return arn.account if arn else ""


def _thing(call: Call, question: Question, place: str) -> Thing:
    if question.action is UNSET or not _is_action(question.action):
        raise ValidationException.at(f"{place}action", "required: service:Name, as in s3:GetObject")
    resource = question.resource
    if resource is UNSET or not resource:
        raise ValidationException.at(f"{place}resource", "required: an ARN, or *")
    owner = _owner(call, question, resource, place)
    given = () if question.resource_tags is UNSET else tags_of(question.resource_tags)
    kept = _tags_here(call, owner, resource)
    if given and kept is not None:
        raise ValidationException.at(f"{place}resource_tags", "Doorward keeps this resource's tags")
    return Thing(resource, owner, given if kept is None else kept)


def _is_action(text: str) -> bool:
    service, colon, name = text.partition(":")
    return bool(service and colon and name) and not set(text) & set("*? ${}")


def _owner(call: Call, question: Question, resource: str, place: str) -> str:
    arn = Arn.parse(resource)
    if arn is None and resource != "*":
        raise ValidationException.at(f"{place}resource", "expected an ARN, or *")
    named = arn.account if arn else ""
    given = question.resource_account
    if given is UNSET:
        return named if is_account(named) else call.account.id
    if not is_account(given):
        raise ValidationException.at(f"{place}resource_account", "expected 12 digits")
    # INVARIANT: who owns the resource decides who may ask; its own ARN is not to be contradicted.
    if is_account(named) and named != given:
        raise ValidationException.at(f"{place}resource_account", "the resource's ARN says another")
    return given


def _entity_here(call: Call, owner: str) -> Account | None:
    return call.account if owner == call.account.id else call.desk.account(owner)


def _tags_here(call: Call, owner: str, resource: str) -> tuple[Tag, ...] | None:
    """The tags of a user, role or policy that lives here; None for any other resource."""
    account = _entity_here(call, owner) if resource.startswith("arn:aws:iam::") else None
    if account is None:
        return None
    arn = Arn.parse(resource)
    name = arn.name if arn else ""
    for found in (account.user(name), account.role(name), account.policy_named(name)):
        if found and account.arn(found) == resource:
            return found.tags
    return None


def _posed(
    call: Call, question: Question, who: Who, thing: Thing, proven: Proven | None, place: str
) -> tuple[Request, Policies]:
    action = str(question.action)
    given = {} if question.context is UNSET else context_values(question.context, f"{place}context")
    how = _how(call, proven, region_of(action, thing.arn))
    keys = filled(who.caller, who.account, thing, how, given, f"{place}context")
    principal, policies = who.asks(_resource_policy(call, question, thing, place))
    return Request(principal, action, thing.arn, thing.owner, Context(keys)), policies


def _how(call: Call, proven: Proven | None, region: str) -> Circumstances:
    if proven is None:
        return Circumstances(call.now, region)
    request = proven.request
    return Circumstances(
        call.now,
        region or proven.region,
        request.secure,
        request.header("user-agent"),
        request.header("referer"),
        proven=bool(proven.caller.arn),
    )


def _resource_policy(call: Call, question: Question, thing: Thing, place: str) -> Attached | None:
    given = question.resource_policy
    owner = _entity_here(call, thing.owner)
    own = resource_policy_of(owner, thing.arn) if owner else None
    if own and str(question.action).lower().startswith("sts:"):
        if given is not UNSET:
            raise ValidationException.at(
                f"{place}resource_policy", "Doorward keeps the trust policy"
            )
        return own
    if given is UNSET:
        return None
    text = given if isinstance(given, str) else msgspec.json.encode(given).decode()
    return Attached(Policy.parse_or_deny(text, "resource"), "resource policy", None, thing.arn)


# -- requests that are calls of an AWS service ---------------------------------------------------


def _of_judged(call: Call, question: Question, proven: Proven, place: str) -> Verdict:
    """A signed request that names its own action: what Doorward would answer to it."""
    for name in ("resource", "resource_account", "resource_policy", "resource_tags"):
        if getattr(question, name) is not UNSET:
            raise ValidationException.at(f"{place}{name}", "goes with an action")
    who = _of_proven(proven)
    judged = proven.judged
    if judged is None:
        reason = f"it names no action, and the request does not tell: {proven.unread}"
        return _no(reason, who)
    owner = judged.asked.owner if judged.asked else who.caller.account
    foreign = is_foreign(call, who.caller.account)
    if foreign and owner != call.account.id:
        return _no(NOT_FOR_YOU, who)
    if judged.decision is None or judged.asked is None:
        outcome = Outcome.ALLOWED if judged.allowed else Outcome.IMPLICITLY_DENIED
        return Verdict(outcome, judged.reason or "needs no permission", who.shown)
    found = _told(judged.decision, who, None, foreign=foreign)
    told = question.explain and not foreign
    return replace(found, explanation=_explained(who, judged)) if told else found


def _explained(who: Who, judged: Judged) -> dict[str, Any] | None:
    asked = judged.asked
    if asked is None:
        return None
    principal, policies = who.asks(asked.policy)
    request = Request(principal, asked.action, asked.resource, asked.owner, asked.context)
    return as_json(explain(request, policies))
