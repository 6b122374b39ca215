"""Proof before question: who sends a request, and who signed the requests it holds as evidence."""

from collections.abc import Callable

from doorward.account.account import Account
from doorward.app.authorise import authorise
from doorward.app.errors import AccessDenied, UnreadableRequest
from doorward.app.identify import Identity
from doorward.app.trace import Trace
from doorward.authn import failures
from doorward.authn.sigv4 import read_signature
from doorward.authn.tokens import read_bearer
from doorward.catalog.models import service_signed_as
from doorward.errors import AwsError, NotAuthentic
from doorward.services.call import Call, Judged, Proven
from doorward.services.registry import Evidence, Operation, operations
from doorward.wire.limits import refuse_oversized_head
from doorward.wire.parse import parse
from doorward.wire.route import own_route, route
from doorward.wire.validate import validate

CallOf = Callable[[Trace], Call]


async def prove_sender(trace: Trace, identity: Identity) -> None:
    """Fill in who sends the request; a bearer token is looked at only where it may be used.

    Raises:
        NotAuthentic: the claim does not hold.
    """
    trace.bearer = read_bearer(trace.request)
    # Elsewhere such a header is what it always was: a signature that cannot be read.
    if trace.bearer and (found := own_route(trace.request)):
        trace.route = found
        await identity.fetch_bearer(trace.bearer)
        trace.who = identity.prove_bearer(trace.bearer, trace.at)
        return
    await _prove_signature(trace, identity)


async def prove_evidence(
    trace: Trace, evidence: Evidence, identity: Identity, call_of: CallOf
) -> Proven:
    """Who signed a request that somebody else received, and how we would decide it."""
    request = evidence.request
    shown = Trace(request, trace.at, trace.request_id, trace.event_id)
    try:
        refuse_oversized_head(request)
        await _prove_signature(shown, identity)
    except (AwsError, NotAuthentic) as error:
        return Proven(request, shown.caller, refusal=f"{error.code}: {error.message}")
    account, service = _account(shown), _service(shown)
    if not evidence.judge:
        return Proven(request, shown.caller, account, shown.region, service)
    try:
        judged = _judged(shown, call_of)
    except AwsError as error:
        unread = f"{error.code}: {error.message}"
        return Proven(request, shown.caller, account, shown.region, service, unread=unread)
    return Proven(request, shown.caller, account, shown.region, service, judged=judged)


async def _prove_signature(trace: Trace, identity: Identity) -> None:
    trace.signature = signature = read_signature(trace.request)
    if signature:
        await identity.fetch(signature)
        trace.who = identity.prove(trace.request, signature, trace.at, signature.service)


def _account(trace: Trace) -> Account | None:
    return trace.who.live.account if trace.who else None


def _service(trace: Trace) -> str:
    name = service_signed_as(trace.signature.service) if trace.signature else None
    return name if name and operations(name) else ""


def _judged(trace: Trace, call_of: CallOf) -> Judged:
    """The decision of the straight line, with nothing carried out.

    Raises:
        AwsError: the request cannot be read as a call.
    """
    operation = _operation(trace)
    if trace.who is None and not operation.unsigned:
        missing = failures.missing_token()
        return Judged(allowed=False, reason=f"{missing.code}: {missing.message}")
    assert trace.route is not None  # noqa: S101 - `_operation` found it
    trace.params = parse(trace.route, trace.request)
    validate(trace.route, trace.params)
    try:
        authorise(call_of(trace), operation, trace)
    except AccessDenied as refused:
        reason = "" if trace.decision else refused.reason
        return Judged(allowed=False, reason=reason, asked=trace.asked, decision=trace.decision)
    return Judged(allowed=True, asked=trace.asked, decision=trace.decision)


def _operation(trace: Trace) -> Operation:
    request = trace.request
    if request.body_sha256 is not None:
        raise UnreadableRequest("only its digest was handed on, not its body")
    trace.route = found = route(request, trace.signature.service if trace.signature else None)
    operation = operations(found.service.name).get(found.operation.function_name)
    if operation is None:
        raise UnreadableRequest(
            f"Doorward does not have {found.service.name}:{found.operation.name}"
        )
    return operation
