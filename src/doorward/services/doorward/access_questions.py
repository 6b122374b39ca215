"""Can, WhoCan, WhatCan: questions about the principals of the caller's own account."""

from typing import Any, Final

from doorward.account.model import Role, User
from doorward.analysis.question import holder_of
from doorward.services.call import Call
from doorward.services.doorward.access_answers import Body, can_in, what_can_in, who_can_in
from doorward.services.doorward.access_forms import principal_arn
from doorward.services.registry import Params, Target, anything, operation

_SIMULATE: Final = "iam:SimulatePrincipalPolicy"


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


@operation("doorward", on=principal_asked, reads=True, waits=True, action=_SIMULATE)
def what_can(
    call: Call,
    *,
    principal: Any,
    resource: Any = None,
    resource_account: Any = None,
    context: Any = None,
    services: Any = None,
    explain: Any = None,
) -> dict[str, Any]:
    """What a principal of the account may do."""
    body = _given(
        principal=principal,
        resource=resource,
        resource_account=resource_account,
        context=context,
        services=services,
        explain=explain,
    )
    return {"answer": what_can_in(call.account, body, call.now)}


def _given(**members: Any) -> Body:
    return {name: value for name, value in members.items() if value is not None}
