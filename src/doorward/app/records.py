"""The records of a call: one in the caller's account, one more in the account it reached into."""

from collections.abc import Mapping
from typing import Any

import msgspec

from doorward.account.caller import CallerKind
from doorward.app.ids import time_ordered_id
from doorward.app.trace import Trace
from doorward.authn.identity import seen_from, unknown, user_identity
from doorward.catalog.models import OWN
from doorward.errors import AwsError, NotAuthentic
from doorward.store.unit import RecordRow
from doorward.trail.record import Event, event, index

LARGEST_READ = 100 * 1024
"""Bytes of a record from which on the parameters of a read-only call are left out."""

_ENCODE = msgspec.json.Encoder().encode


def rows_of(
    trace: Trace,
    main_account: str,
    result: Mapping[str, Any] | None,
    error: AwsError | NotAuthentic | None,
) -> list[RecordRow]:
    """The rows to store. Callers nobody knows are recorded in the main account."""
    account = trace.caller.account or main_account
    reached = trace.target.account if trace.target else None
    # AWS: the account reached into sees what was done there, not what was refused. So nobody can
    # fill the trail of an account that did not let them in, nor of one that does not exist.
    if error or reached in {None, account}:
        return [_row(trace, account, result, error, None)]
    shared = time_ordered_id(trace.at)
    return [
        _row(trace, account, result, error, shared),
        _row(trace, str(reached), result, error, shared),
    ]


def _row(
    trace: Trace,
    account: str,
    result: Mapping[str, Any] | None,
    error: AwsError | NotAuthentic | None,
    shared: str | None,
) -> RecordRow:
    made = _event(trace, account, result, error, shared)
    details = _own_details(trace, result, error)
    if details:
        made["additionalEventData"] = (made.get("additionalEventData") or {}) | details
    found = index(made)
    body = _ENCODE(made)
    if made["readOnly"] and len(body) > LARGEST_READ:
        # AWS: left out in these words, which are known to hide policies from whoever reads the
        # trail; so a call that changes something is always recorded whole.
        omitted = {
            "omitted": True,
            "originalSize": len(_ENCODE(made["requestParameters"])),
            "reason": "requestParameters too large",
        }
        body = _ENCODE(made | {"requestParameters": omitted})
    return RecordRow(
        account=account,
        at=int(trace.at.timestamp() * 1000),
        event_id=made["eventID"],
        event_name=made["eventName"],
        event_source=made["eventSource"],
        username=found.username,
        access_key_id=found.access_key_id,
        read_only=made["readOnly"],
        resources=found.resources,
        request_id=trace.request_id,
        body=body,
    )


def _own_details(
    trace: Trace, result: Mapping[str, Any] | None, error: AwsError | NotAuthentic | None
) -> dict[str, Any]:
    """What AWS tells nobody, and our trail whoever may read it."""
    if isinstance(error, NotAuthentic):
        return {"Reason": error.reason}
    asked = trace.asked
    if not trace.decided or asked is None:
        return _told(trace, result or {})
    # What AWS keeps behind GetRequestAuthorizationDetails. One call may ask several questions, so
    # the one that was refused is named.
    question = {"Action": asked.action, "Resource": asked.resource, "Account": asked.owner}
    return {"Decision": trace.decided, "Question": question}


def _told(trace: Trace, result: Mapping[str, Any]) -> dict[str, Any]:
    """The decision another application asked for, as it was told."""
    own = trace.route is not None and trace.route.service.name == OWN
    return {"Told": result["reason"]} if own and "reason" in result else {}


def _event(
    trace: Trace,
    account: str,
    result: Mapping[str, Any] | None,
    error: AwsError | NotAuthentic | None,
    shared: str | None,
) -> Event:
    route, request = trace.route, trace.request
    signed_for = trace.signature.service if trace.signature else "unknown"
    return event(
        identity=_identity(trace, account),
        account=account,
        at=trace.at,
        event_id=trace.event_id if shared is None else time_ordered_id(trace.at),
        request_id=trace.request_id,
        service=route.service.name if route else signed_for,
        operation=route.operation.name if route else "Unknown",
        region=trace.region,
        source_ip=request.source,
        user_agent=request.header("user-agent"),
        read_only=trace.operation.reads if trace.operation else True,
        parameters=_parameters(trace),
        response=result,
        error_code=error.code if error else None,
        error_message=error.message if error else None,
        shared_event_id=shared,
    )


def _parameters(trace: Trace) -> Mapping[str, Any]:
    """AWS: where root names itself, who has no name, the record says so in these words."""
    caller, given = trace.caller, trace.params
    if caller.kind is CallerKind.ROOT and given.get("user_name") == caller.account:
        return {**given, "user_name": "AWS ROOT USER"}
    return given


def _identity(trace: Trace, account: str) -> dict[str, Any]:
    if trace.who is None and trace.claimed_key:
        return unknown(trace.claimed_key)
    if trace.caller.account == account:
        return user_identity(trace.caller)
    return seen_from(trace.caller, account)
