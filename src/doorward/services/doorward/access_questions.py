"""Can, WhoCan, WhatCan: questions about the principals of the caller's own account.

The same functions answer the command line about a data directory or a snapshot.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from doorward.account.account import Account
from doorward.account.model import Entity, Role, User
from doorward.analysis.question import Holder, Question, holder_of
from doorward.policy import Arn, Attached, Outcome, Policy
from doorward.policy.explain import as_json, as_text, decision_json, describe
from doorward.policy.explain import explain as explained
from doorward.policy.variables import Values
from doorward.services.call import Call
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import ContextValue, context_values, read_form
from doorward.services.registry import Params, Target, anything, operation

Body = Mapping[str, Any]
Answer = dict[str, Any]

_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.-]+")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_SIMULATE: Final = "iam:SimulatePrincipalPolicy"


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a question.

    Attributes:
        principal: An ARN, `NAME` of a user, `role/NAME`, `user/NAME` or `root`.
        resource: An ARN, `*`, or `user/NAME`, `role/NAME`, `group/NAME`, `policy/NAME`.
    """

    principal: str = ""
    action: str = ""
    resource: str = "*"
    resource_account: str | None = None
    context: dict[str, ContextValue] = {}
    resource_policy: str | dict[str, Any] | None = None
    resource_tags: dict[str, str] = {}
    explain: bool = False


# -- the operations ------------------------------------------------------------------------------


def principal_asked(call: Call, params: Params) -> Target:
    """The user or role that is asked about; of a session, its role."""
    arn = principal_arn(call.account, str(params["principal"]))
    holder = holder_of(call.account, arn)
    if holder is None:
        return Target(arn)
    entity = call.account.by_id(holder.principal.entity_id or "")
    tags = entity.tags if isinstance(entity, User | Role) else ()
    return Target(holder.principal.entity_arn or arn, tags=tags)


@operation("doorward", on=principal_asked, reads=True, action=_SIMULATE)
def can(
    call: Call,
    *,
    principal: Any,
    action: Any,
    resource: Any = None,
    resource_account: Any = None,
    context: Any = None,
    resource_policy: Any = None,
    resource_tags: Any = None,
    explain: Any = None,
) -> dict[str, Any]:
    """Whether a principal of the account may do something, and why."""
    body = _given(
        principal=principal,
        action=action,
        resource=resource,
        resource_account=resource_account,
        context=context,
        resource_policy=resource_policy,
        resource_tags=resource_tags,
        explain=explain,
    )
    return {"answer": can_in(call.account, body, call.now)}


@operation("doorward", on=anything, reads=True, waits=True, action=_SIMULATE)
def who_can(
    call: Call,
    *,
    action: Any,
    resource: Any = None,
    resource_account: Any = None,
    context: Any = None,
    resource_policy: Any = None,
    resource_tags: Any = None,
    explain: Any = None,
) -> dict[str, Any]:
    """Who of the account may do something."""
    body = _given(
        action=action,
        resource=resource,
        resource_account=resource_account,
        context=context,
        resource_policy=resource_policy,
        resource_tags=resource_tags,
        explain=explain,
    )
    return {"answer": who_can_in(call.account, body, call.now)}


def _given(**members: Any) -> Body:
    return {name: value for name, value in members.items() if value is not None}


# -- the answers ---------------------------------------------------------------------------------


def can_in(account: Account, body: Body, now: datetime) -> Answer:
    """Whether a principal may; with `explain`, all that led to it, and the same as text.

    Raises:
        ValidationException: a member cannot be understood; names it.
    """
    asked = read_form(body, Asked)
    holder = _holder(account, asked)
    question = _question(account, asked, now)
    policies = holder.policies
    if question.policy is not None:
        policies = replace(policies, resource=(question.policy,))
    found = explained(question.request(holder), policies)
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
    from doorward.analysis.who_can import who_can as everyone_who_can

    asked = read_form(body, Asked)
    question = _question(account, asked, now)
    *answers, root = everyone_who_can(
        *(account, question.action, question.resource),
        context=question.context,
        resource_policy=question.policy,
        resource_account=question.owner,
        root=True,
    )
    shown = [one for one in answers if one.decision.allowed or asked.explain]
    counts = Counter(one.decision.outcome for one in answers)
    return {
        "allowed": bool(counts[Outcome.ALLOWED]),
        "action": question.action,
        "resource": question.resource,
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "root": root.decision.outcome.value,
        "principals": [
            {"principal": one.principal, **_named(one.principal), **decision_json(one.decision)}
            for one in shown
        ],
    }


def _named(arn: str) -> Answer:
    kind, _, name = arn.split(":", 5)[5].partition("/")
    return {"kind": kind, "name": name.rpartition("/")[2]}


# -- what is asked -------------------------------------------------------------------------------


def principal_arn(account: Account, name: str) -> str:
    """The ARN of a principal given as in `Asked`. It need not exist; paths may be left out."""
    if name.startswith("arn:"):
        return name
    kind, slash, rest = name.rpartition("/")
    user = None if kind == "role" else account.user(rest)
    if name == "root" and user is None:
        return f"arn:aws:iam::{account.id}:root"
    found: User | Role | None = account.role(rest) if kind == "role" else user
    if found is not None and kind in {"", "user", "role"}:
        return account.arn(found)
    return f"arn:aws:iam::{account.id}:{name if slash else f'user/{name}'}"


def resource_arn(account: Account, name: str) -> str:
    """The ARN of a user, role, group or policy given as `KIND/NAME`; other text as it is."""
    kind, _, rest = name.partition("/")
    find: Mapping[str, Callable[[str], Entity | None]] = {
        "user": account.user,
        "role": account.role,
        "group": account.group,
        "policy": account.policy_named,
    }
    if kind not in find or not rest:
        return name
    found = find[kind](rest)
    return account.arn(found) if found else f"arn:aws:iam::{account.id}:{name}"


def _holder(account: Account, asked: Asked) -> Holder:
    found = holder_of(account, principal_arn(account, asked.principal))
    if found is None:
        raise ValidationException.at(
            "principal",
            f"{asked.principal or 'nobody'} is none of account {account.id}: give the name of a "
            "user, role/NAME, root, or the ARN of one of its users, roles or role sessions",
        )
    return found


def _question(account: Account, asked: Asked, now: datetime) -> Question:
    owner = asked.resource_account
    if not _ACTION.fullmatch(asked.action):
        raise ValidationException.at("action", "expected one action, as s3:GetObject")
    resource = resource_arn(account, asked.resource)
    if resource != "*" and Arn.parse(resource) is None:
        raise ValidationException.at("resource", "expected an ARN, *, or KIND/NAME of this account")
    if owner is not None and not _ACCOUNT.fullmatch(owner):
        raise ValidationException.at("resource_account", "expected twelve digits")
    return Question.of(
        *(account, asked.action, resource),
        context=_context(asked, resource, now),
        resource_policy=_resource_policy(asked),
        resource_account=owner,
    )


def _context(asked: Asked, resource: str, now: datetime) -> dict[str, Values]:
    """What is known of the call there might be; what was given wins."""
    tags = {f"aws:resourcetag/{key.lower()}": value for key, value in asked.resource_tags.items()}
    arn = Arn.parse(resource)
    # A regional resource is reached in its own region.
    region = {"aws:requestedregion": arn.region} if arn and arn.region else {}
    return {
        "aws:currenttime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(now.timestamp())),
        "aws:viaawsservice": "false",
        **region,
        **tags,
        **context_values(asked.context, "context"),
    }


def _resource_policy(asked: Asked) -> Attached | None:
    document = asked.resource_policy
    if document is None:
        return None
    text = document if isinstance(document, str) else json.dumps(document)
    kind = "trust" if asked.action.lower().startswith("sts:") else "resource"
    return Attached(Policy.parse_or_deny(text, kind), "the resource's policy")
