"""POST /authorize: may this principal, or whoever signed this request, do that?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import UNSET

from doorward.authn.request import HttpRequest
from doorward.services.call import Call, Proven
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import Question, context_values, read_form, request_of
from doorward.services.doorward.judging import Verdict, verdict
from doorward.services.registry import Evidence, Params, Target, operation
from doorward.services.registry import Question as Right

ACTION = "doorward:Authorize"
MOST_QUESTIONS = 1000
MOST_EXPLAINED = 100

Placed = tuple[str, Question]
"""A question with the place it has in the body: `batch[3].`, or nothing for the body itself."""


def asked_about(_call: Call, params: Params) -> Target:
    """The principal that is asked about; `*` for nobody, for batches and for signed requests."""
    return principal_target(params.get("principal"))


def principal_target(principal: Any) -> Target:
    """What the right to ask about this principal is a right on."""
    is_arn = isinstance(principal, str) and principal.startswith("arn:")
    return Target(str(principal) if is_arn else "*")


def rights_on_each(call: Call, arns: Iterable[str]) -> Iterator[Right]:
    """The right to ask about each of them.

    INVARIANT: the right on `*` is not one on a principal on whom it is denied.
    """
    signers = (proven.caller.arn for proven in call.proven)
    for arn in dict.fromkeys((*arns, *signers)):
        if arn.startswith("arn:"):
            yield Right(ACTION, Target(arn), {})


def each_asked_about(call: Call, params: Params) -> Iterator[Right]:
    """Whoever stands in a batch, or has signed."""
    batch = params.get("batch")
    questions = batch[:MOST_QUESTIONS] if isinstance(batch, list) else ()
    named = (each.get("principal") for each in questions if isinstance(each, dict))
    return rights_on_each(call, (arn for arn in named if isinstance(arn, str)))


def signed_requests(_request: HttpRequest, params: Params) -> Iterator[Evidence]:
    """The requests the body holds, in order.

    Raises:
        ValidationException: the body makes no sense.
    """
    for place, question in _questions(params):
        if question.request is not UNSET:
            form = request_of(question.request, f"{place}request", source=_source(question, place))
            yield Evidence(form, judge=question.action is UNSET)


@operation(
    "doorward",
    on=asked_about,
    also=(each_asked_about,),
    reads=True,
    action=ACTION,
    evidence=signed_requests,
)
def authorize(
    call: Call,
    *,
    principal: Any = UNSET,
    action: Any = UNSET,
    resource: Any = UNSET,
    resource_account: Any = UNSET,
    context: Any = UNSET,
    resource_policy: Any = UNSET,
    resource_tags: Any = UNSET,
    request: Any = UNSET,
    explain: Any = UNSET,
    batch: Any = UNSET,
) -> dict[str, Any]:
    """Answer one question, or a batch of them in order."""
    body = {
        "principal": principal,
        "action": action,
        "resource": resource,
        "resource_account": resource_account,
        "context": context,
        "resource_policy": resource_policy,
        "resource_tags": resource_tags,
        "request": request,
        "explain": explain,
        "batch": batch,
    }
    questions = _questions({name: value for name, value in body.items() if value is not UNSET})
    verdicts = _verdicts(call, questions, iter(call.proven))
    answers = [_answer(each) for each in verdicts]
    return answers[0] if batch is UNSET else {"batch": answers}


def _verdicts(
    call: Call, questions: Iterable[Placed], proven: Iterator[Proven]
) -> Iterator[Verdict]:
    for place, question in questions:
        evidence = None if question.request is UNSET else next(proven)
        yield verdict(call, question, evidence, place)


def _answer(found: Verdict) -> dict[str, Any]:
    return {
        "decision": found.outcome.value,
        "allowed": found.allowed,
        "reason": found.reason,
        "principal": found.principal or None,
        "explain": found.explanation,
    }


def _questions(params: Mapping[str, Any]) -> list[Placed]:
    if "batch" not in params:
        return [("", _question(params, ""))]
    others = sorted(params.keys() - {"batch"})
    if others:
        raise ValidationException.at(others[0], "stands inside the questions of a batch")
    batch = read_form(params["batch"], list[Any], "batch")
    if len(batch) > MOST_QUESTIONS:
        raise ValidationException.too_many("batch", MOST_QUESTIONS)
    found = [(f"batch[{at}].", _question(each, f"batch[{at}]")) for at, each in enumerate(batch)]
    if sum(question.explain for _, question in found) > MOST_EXPLAINED:
        raise ValidationException.at("batch", f"at most {MOST_EXPLAINED} may be explained")
    return found


def _question(value: Any, place: str) -> Question:
    question: Question = read_form(value, Question, place)
    if question.request is not UNSET and question.principal is not UNSET:
        raise ValidationException.at(
            f"{place}.principal".strip("."), "a signed request says who it is"
        )
    return question


def _source(question: Question, place: str) -> str:
    """The client's address, as the asker saw it."""
    given = {} if question.context is UNSET else context_values(question.context, f"{place}context")
    return str(given.get("aws:sourceip", ""))
