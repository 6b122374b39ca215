"""OpenID AuthZEN Authorization API 1.0: the same decisions, for whoever speaks that standard.

What it calls subject, action, resource and context becomes a question of ours: names with a colon
are condition keys; other properties are ignored, as the standard asks, and listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from msgspec import UNSET, Struct

from doorward.account.account import Account
from doorward.errors import AwsError
from doorward.services.call import Call
from doorward.services.doorward.authorize import (
    ACTION,
    MOST_QUESTIONS,
    principal_target,
    rights_on_each,
)
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import ContextValue, Question, read_form
from doorward.services.doorward.judging import Verdict, verdict
from doorward.services.registry import Params, Target, anything, operation
from doorward.services.registry import Question as Right

JSON: Final = "application/json"
PARTS: Final = ("subject", "action", "resource", "context")
SEMANTICS: Final = ("execute_all", "deny_on_first_deny", "permit_on_first_permit")

Properties = dict[str, Any]


class Subject(Struct, frozen=True):
    """Who; `id` is an ARN, or a name in the caller's account."""

    type: str
    id: str
    properties: Properties = {}


class Action(Struct, frozen=True):
    """What, as `service:Name`."""

    name: str
    properties: Properties = {}


class Resource(Struct, frozen=True):
    """On what; `id` is an ARN or `*`."""

    type: str
    id: str
    properties: Properties = {}


class Options(Struct, frozen=True):
    """How a request with several evaluations is carried out."""

    evaluations_semantic: str = SEMANTICS[0]


class Asked(Struct, frozen=True):
    """One evaluation."""

    subject: Subject
    action: Action
    resource: Resource
    context: Properties = {}


@dataclass(frozen=True, slots=True)
class Mapped:
    """An evaluation as a question of ours, and the names that nobody read."""

    question: Question
    ignored: tuple[str, ...]


def subject_of(call: Call, params: Params) -> Target:
    """The principal the subject stands for."""
    return principal_target(
        _principal(call.account, read_form(params["subject"], Subject, "subject"))
    )


@operation("doorward", on=subject_of, reads=True, action=ACTION)
def evaluate(
    call: Call,
    *,
    subject: Any,
    action: Any,
    resource: Any,
    context: Any = UNSET,
    content_type: str = JSON,  # noqa: ARG001 - the model checks it
) -> dict[str, Any]:
    """Access Evaluation."""
    return _decision(
        call, _given(subject=subject, action=action, resource=resource, context=context)
    )


def each_subject_of(call: Call, params: Params) -> Iterator[Right]:
    """The principals that the subjects stand for; what is none is said in its own answer."""
    evaluations = params.get("evaluations")
    several = evaluations[:MOST_QUESTIONS] if isinstance(evaluations, list) else ()
    whole = [{**params, **_with_defaults(params, one)} for one in several if isinstance(one, dict)]
    return rights_on_each(
        call, (_named(call, one.get("subject")) for one in whole or [dict(params)])
    )


def _named(call: Call, subject: Any) -> str:
    try:
        return _principal(call.account, read_form(subject, Subject)) or ""
    except ValidationException:
        return ""


@operation("doorward", on=anything, also=(each_subject_of,), reads=True, action=ACTION)
def evaluate_many(
    call: Call,
    *,
    subject: Any = UNSET,
    action: Any = UNSET,
    resource: Any = UNSET,
    context: Any = UNSET,
    evaluations: Any = None,
    options: Any = None,
    content_type: str = JSON,  # noqa: ARG001 - the model checks it
) -> dict[str, Any]:
    """Access Evaluations: several, with defaults; none is one with the defaults alone."""
    defaults = _given(subject=subject, action=action, resource=resource, context=context)
    asked = read_form(evaluations, list[Properties] | None, "evaluations")
    if not asked:
        return _decision(call, defaults)
    if len(asked) > MOST_QUESTIONS:
        raise ValidationException.too_many("evaluations", MOST_QUESTIONS)
    semantic = _semantic(options)
    return {"evaluations": list(_until(semantic, (_tried(call, defaults, one) for one in asked)))}


def _semantic(options: Any) -> str:
    found = Options() if options is None else read_form(options, Options, "options")
    if found.evaluations_semantic not in SEMANTICS:
        wanted = ", ".join(SEMANTICS)
        raise ValidationException.at("options.evaluations_semantic", f"expected one of {wanted}")
    return found.evaluations_semantic


def _until(semantic: str, answers: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The answers up to the one that ends it, that one included."""
    last = {"deny_on_first_deny": False, "permit_on_first_permit": True}.get(semantic)
    for answer in answers:
        yield answer
        if answer["decision"] is last:
            return


def _tried(call: Call, defaults: Properties, one: Properties) -> dict[str, Any]:
    """One of several; what is wrong with it is its own answer."""
    try:
        return _decision(call, defaults | _with_defaults(defaults, one))
    except AwsError as error:
        return {
            "decision": False,
            "context": {"error": {"status": 400, "message": error.message}},
        }


def _with_defaults(defaults: Params, one: Properties) -> Properties:
    """The parts an evaluation has itself; what is required of a part may come from the default."""
    found: Properties = {name: one[name] for name in PARTS if name in one}
    for name in ("subject", "action", "resource"):
        own, default = found.get(name), defaults.get(name)
        if isinstance(own, dict) and isinstance(default, dict):
            needed = {key: default[key] for key in ("type", "id", "name") if key in default}
            found[name] = needed | own
    return found


def _given(**parts: Any) -> Properties:
    return {name: value for name, value in parts.items() if value not in (UNSET, None)}


def _decision(call: Call, parts: Properties) -> dict[str, Any]:
    mapped = _mapped(call.account, read_form(parts, Asked))
    found = verdict(call, mapped.question, None)
    return {"decision": found.allowed, "context": _told(found, mapped)}


def _told(found: Verdict, mapped: Mapped) -> dict[str, Any]:
    told: dict[str, Any] = {
        "reason": {"id": found.outcome.value, "reason_admin": {"en": found.reason}}
    }
    if found.principal:
        told["principal"] = found.principal
    return told | ({"ignored": list(mapped.ignored)} if mapped.ignored else {})


# -- as a question of ours -----------------------------------------------------------------------


def _mapped(account: Account, asked: Asked) -> Mapped:
    tags, owner = asked.resource.properties.get("tags"), asked.resource.properties.get("account")
    properties = {
        k: v for k, v in asked.resource.properties.items() if k not in {"tags", "account"}
    }
    keys: dict[str, ContextValue] = {}
    ignored: list[str] = []
    for place, given in (
        ("subject.properties", asked.subject.properties),
        ("action.properties", asked.action.properties),
        ("resource.properties", properties),
        ("context", asked.context),
    ):
        ignored += _sorted_out(given, keys, place)
    return Mapped(
        Question(
            principal=_principal(account, asked.subject),
            action=asked.action.name,
            resource=asked.resource.id,
            resource_account=UNSET
            if owner is None
            else read_form(owner, str, "resource.properties.account"),
            resource_tags=UNSET
            if tags is None
            else read_form(tags, dict[str, str], "resource.properties.tags"),
            context=keys,
        ),
        tuple(ignored),
    )


def _sorted_out(given: Properties, keys: dict[str, ContextValue], place: str) -> Iterator[str]:
    """Put the condition keys among the keys; the names of all else."""
    for name, value in given.items():
        if ":" not in name:
            yield f"{place}.{name}"
            continue
        if name in keys:
            raise ValidationException.at(f"{place}.{name}", "given twice")
        keys[name] = read_form(value, ContextValue, f"{place}.{name}")


def _principal(account: Account, subject: Subject) -> str | None:
    """The ARN or service's name a subject stands for.

    Raises:
        ValidationException: no type of subject that is a principal.
    """
    if subject.type == "anonymous":
        return None
    if subject.id.startswith("arn:") or subject.type in {"arn", "service"}:
        return subject.id
    here = f"arn:aws:iam::{account.id}"
    if subject.type == "user":
        user = account.user(subject.id)
        return account.arn(user) if user else f"{here}:user/{subject.id}"
    if subject.type == "role":
        role = account.role(subject.id)
        return account.arn(role) if role else f"{here}:role/{subject.id}"
    if subject.type == "session":
        return f"arn:aws:sts::{account.id}:assumed-role/{subject.id}"
    if subject.type == "root":
        return f"{here}:root"
    raise ValidationException.at(
        "subject.type", "expected user, role, session, service, root, anonymous or arn"
    )
