"""Answers about access in one account, for a server and for the command line alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorward.account.account import Account
from doorward.policy import Decision, Outcome
from doorward.policy.explain import as_json, as_text, decision_json, describe, explain
from doorward.services.doorward.access_forms import (
    Asked,
    AskedOfAll,
    holder_named,
    known_of_call,
    owner_of,
    question_of,
    resource_arn,
)
from doorward.services.doorward.forms import context_values, read_form

if TYPE_CHECKING:
    from doorward.analysis.what_can import Abilities, Ability

Body = Mapping[str, Any]
Answer = dict[str, Any]


def can_in(account: Account, body: Body, now: datetime) -> Answer:
    """Whether a principal may; with `explain`, all that led to it, and the same as text.

    Raises:
        ValidationException: a member cannot be understood; names it.
    """
    asked = read_form(body, Asked)
    holder = holder_named(account, asked.principal)
    question = question_of(account, asked, now)
    found = explain(question.request(holder), question.policies(holder))
    answer: Answer = {
        "allowed": found.decision.allowed,
        "decision": found.decision.outcome.value,
    }
    if not asked.explain:
        return answer | {"reason": describe(found.decision)}
    return answer | {"explanation": as_json(found), "text": as_text(found)}


def who_can_in(account: Account, body: Body, now: datetime) -> Answer:
    """The users and roles who may; with `explain`, those who may not as well.

    The root user is apart: no policy of its account gives it anything.

    Raises:
        ValidationException: as in `can_in`.
    """
    from doorward.analysis.who_can import who_can

    asked = read_form(body, Asked)
    question = question_of(account, asked, now)
    *answers, root = who_can(
        *(account, question.action, question.resource),
        context=question.context,
        resource_policy=question.policy,
        resource_account=question.owner,
        root=True,
    )
    counts = Counter(one.decision.outcome for one in answers)
    return {
        "allowed": bool(counts[Outcome.ALLOWED]),
        "action": question.action,
        "resource": question.resource,
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "root": root.decision.outcome.value,
        "principals": [
            _decided(one.principal, one.decision)
            for one in answers
            if one.decision.allowed or asked.explain
        ],
    }


def _decided(arn: str, decision: Decision) -> Answer:
    kind, _, name = arn.split(":", 5)[5].partition("/")
    named = {"principal": arn, "kind": kind, "name": name.rpartition("/")[2]}
    return named | decision_json(decision)


def what_can_in(account: Account, body: Body, now: datetime) -> Answer:
    """What a principal may do, by service; with `explain`, what each action rests on.

    `always` is on every resource and in every context (of one resource: allowed), `sometimes` on
    some resources or under some conditions; `guarded` are those of both that the resource's own
    policy must allow too.

    Raises:
        ValidationException: as in `can_in`.
    """
    from doorward.analysis.what_can import what_can

    asked = read_form(body, AskedOfAll)
    resource = None if asked.resource is None else resource_arn(account, asked.resource)
    # Without a resource the question is what holds at any time, so nothing of a call is known.
    known = {} if resource is None else known_of_call(resource, now)
    arn = holder_named(account, asked.principal).principal.arn
    given = context_values(asked.context, "context")
    found = what_can(
        account, arn, resource, context=known | given, resource_account=owner_of(asked)
    )
    assert found is not None  # noqa: S101 - the principal was found above
    return _abilities(found, asked)


def _abilities(found: "Abilities", asked: AskedOfAll) -> Answer:
    wanted = {service.lower() for service in asked.services}
    services = {
        service: abilities
        for service, abilities in found.by_service().items()
        if not wanted or service in wanted
    }
    shown = [one for abilities in services.values() for one in abilities]
    answer: Answer = {
        "allowed": bool(shown),
        "principal": found.principal,
        "resource": found.resource,
        "asked": found.asked,
        "counts": {state: len(_of(shown, state)) for state in ("always", "sometimes")},
        "services": {service: _by_state(abilities) for service, abilities in services.items()},
    }
    return answer | ({"actions": [_ability(one) for one in shown]} if asked.explain else {})


def _by_state(abilities: Sequence["Ability"]) -> Answer:
    return {
        "always": _of(abilities, "always"),
        "sometimes": _of(abilities, "sometimes"),
        "guarded": [one.action for one in abilities if one.guarded],
    }


def _of(abilities: Sequence["Ability"], state: str) -> list[str]:
    return [one.action for one in abilities if one.state == state]


def _ability(one: "Ability") -> Answer:
    return {
        "action": one.action,
        "state": one.state.value,
        "guarded": one.guarded,
        "sources": [
            {
                "layer": source.layer.value,
                "policy": source.attached.name,
                "attached_to": source.attached.attached_to,
                "sid": source.statement.sid,
                "index": source.statement.index,
                "effect": source.statement.effect,
            }
            for source in one.sources
        ],
    }
