"""Put a call's questions to the engine, the main one and those of `also=`, and refuse in full."""

from doorward.app.errors import AccessDenied, ClosedToSession
from doorward.app.trace import Trace
from doorward.authn.session_scope import refusal as out_of_scope
from doorward.authz.context import Arrival, of_call, of_resource
from doorward.authz.decide import Asked, judge, refusal
from doorward.policy import Context
from doorward.policy.explain import describe
from doorward.services.call import Call
from doorward.services.registry import Context as Keys
from doorward.services.registry import Operation, Target

GLOBAL_REGION = {"iam": "us-east-1", "organizations": "us-east-1"}


def authorise(call: Call, operation: Operation, trace: Trace) -> None:
    """Return if the caller may; the trace then knows target and decision.

    Raises:
        AccessDenied: in AWS's words; the explanation follows them when the setting says so.
        ClosedToSession: IAM, whatever is asked of it, by these temporary credentials.
    """
    trace.decided = ""
    trace.target = operation.on(call, trace.params)
    session = call.caller.session
    reason = out_of_scope(session, operation.service, call.operation) if session else None
    if reason:
        if operation.service == "iam":
            raise ClosedToSession.because(reason, explain=call.explain)
        raise AccessDenied(reason)
    if operation.exempt:
        return
    base = of_call(call.caller, call.account, _arrival(call, trace))
    keys: dict[str, str | tuple[str, ...]] = {}
    for source in operation.keys:
        keys.update(source(call, trace.params))
    action = operation.action or f"{operation.service}:{call.operation}"
    _ask(call, trace, _asked(call, trace.target, action, base, keys))
    for also in operation.also:
        for question in also(call, trace.params):
            _ask(
                call,
                trace,
                _asked(call, question.target, question.action, base, {**keys, **question.context}),
            )


def _asked(call: Call, target: Target, action: str, base: Keys, keys: Keys) -> Asked:
    owner = target.account or call.account.id
    return Asked(
        action=action,
        resource=target.arn,
        owner=owner,
        shown=target.text or target.arn,
        policy=target.policy,
        context=Context({**base, **of_resource(target.arn, owner, target.tags, keys)}),
    )


def _ask(call: Call, trace: Trace, asked: Asked) -> None:
    trace.asked = asked
    trace.decision = decision = judge(call.caller, call.account, asked)
    if decision.allowed:
        return
    trace.decided = describe(decision)
    message = refusal(call.caller, asked, decision)
    if call.explain and (decision.policy or decision.reason):
        message += f" ({trace.decided})"
    raise AccessDenied(
        f"{message}. Go to {trace.endpoint}/console/why/{trace.request_id} for complete details,"
        f" or run: doorward why {trace.request_id}"
    )


def _arrival(call: Call, trace: Trace) -> Arrival:
    request = trace.request
    return Arrival(
        at=call.now,
        region=GLOBAL_REGION.get(call.service, call.region),
        source=request.source,
        secure=request.secure,
        user_agent=request.header("user-agent"),
        referer=request.header("referer"),
    )
