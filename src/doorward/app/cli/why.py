"""`doorward why ID`: what was decided about one call, by the request id its answer named.

Exit code: 0 it was allowed, 1 it was refused, 2 it cannot be told.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from doorward.app.cli import CommandError
from doorward.app.cli.asking import answered, asking_options
from doorward.app.cli.asking_again import question_of
from doorward.app.cli.showing import show
from doorward.app.cli.showing_access import access_text

AROUND = timedelta(seconds=2)
PATIENCE_S = 0.5
TELLS_TIME = 7
"""The version of UUID that begins with when it was made."""
FAST_CLOCK_S = 86_400
"""How far ahead the clock of a server may be."""
SESSIONS = {"AssumedRole", "FederatedUser"}
DIFFERENCE = (
    "Either something was changed since, or what is not on record made the difference:\n"
    "a policy passed to the session, or condition keys the call brought along."
)
Event = dict[str, Any]
Find = Callable[[datetime, datetime], Iterator[Event]]
"""The events of the trail between two moments."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `why`."""
    parser.add_argument("id", help="the request id, as a refusal names it")
    parser.add_argument("--explain", action="store_true", help="show every policy that was read")
    asking_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look the call up in the trail, say what decided, and ask again as things stand now."""
    event = _event(args, _moment(args.id))
    now = _asked_again(args, event)
    facts = event if now is None else event | {"asThingsStandNow": _without_text(now)}
    show(args, facts, "\n".join(_words(event, now, step_by_step=args.explain)))
    return 1 if _was_refused(event) else 0


def _was_refused(event: Event) -> bool:
    """A policy said no, or a proof failed; other errors are the operation's own."""
    details = event.get("additionalEventData") or {}
    denied = str(event.get("errorCode", "")).startswith("AccessDenied")
    return denied or not details.keys().isdisjoint({"Decision", "Reason"})


def _moment(request_id: str) -> datetime:
    """When the call was made: our ids tell."""
    try:
        read = UUID(request_id)
    except ValueError:
        read = UUID(int=0)
    seconds = (read.int >> 80) / 1000
    if read.version != TELLS_TIME or seconds > time.time() + FAST_CLOCK_S:
        raise CommandError(f"{request_id} is no request id", "Give the id a refusal ends with.")
    return datetime.fromtimestamp(seconds, UTC)


def _event(args: argparse.Namespace, at: datetime) -> Event:
    find = _in_store(args) if args.source else _at_server(args)
    ends = time.monotonic() + PATIENCE_S
    while True:
        event = next((one for one in find(at - AROUND, at + AROUND) if _is(one, args.id)), None)
        if event:
            return event
        if time.monotonic() > ends:
            break
        time.sleep(PATIENCE_S / 5)  # the record of a read waits a moment to be stored
    raise CommandError(
        f"the trail of this account has no call {args.id}",
        "Ask about the account that made it: --account with --from, else that one's credentials.",
    )


def _is(event: Event, request_id: str) -> bool:
    found: bool = event["requestID"] == request_id
    return found


def _at_server(args: argparse.Namespace) -> Find:
    from botocore.exceptions import BotoCoreError, ClientError

    from doorward.app.cli.asking_server import client_of, failed_call

    client = client_of(args, "cloudtrail")

    def find(start: datetime, end: datetime) -> Iterator[Event]:
        try:
            for page in client.get_paginator("lookup_events").paginate(
                StartTime=start, EndTime=end
            ):
                yield from (json.loads(entry["CloudTrailEvent"]) for entry in page["Events"])
        except (BotoCoreError, ClientError) as error:
            raise failed_call(error, "cloudtrail:LookupEvents") from None

    return find


def _in_store(args: argparse.Namespace) -> Find:
    from doorward.app.cli.asking_accounts import records_from

    def find(start: datetime, end: datetime) -> Iterator[Event]:
        between_ms = (round(start.timestamp() * 1000), round(end.timestamp() * 1000))
        for record in records_from(Path(args.source), args.account, *between_ms):
            yield json.loads(record.body)

    return find


def _asked_again(args: argparse.Namespace, event: Event) -> dict[str, Any] | None:
    """What would be decided now; `None` where it cannot be asked, or the asker may not."""
    question = question_of(event)
    if question is None:
        return None
    try:
        return answered(args, "can", question)
    except CommandError:
        return None


def _without_text(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "text"}


def _words(event: Event, now: dict[str, Any] | None, *, step_by_step: bool) -> Iterator[str]:
    identity = event["userIdentity"]
    who = identity.get("arn") or identity.get("accessKeyId") or identity["type"]
    service = event["eventSource"].partition(".")[0]
    yield f"{event['eventTime']}  {service}:{event['eventName']}  by {who}"
    yield f"from {event['sourceIPAddress']}, {event.get('userAgent', 'no user agent')}"
    if not event.get("errorCode"):
        yield "It was allowed."
        return
    yield f"{event['errorCode']}: {event['errorMessage']}"
    if not _was_refused(event):
        yield "No policy refused it: that is the operation's own answer."
    decision = (event.get("additionalEventData") or {}).get("Decision")
    if decision:
        yield f"Decided: {decision}"
    if now:
        yield "\nAs things stand now, by the policies the caller has:"
        yield access_text(now, step_by_step=step_by_step)
        if now["allowed"]:
            yield DIFFERENCE
        elif identity["type"] in SESSIONS:
            yield "A policy passed to the session is not on record, and was left out."
