"""`doorward why ID`: what was decided about one call, by the request id its answer named.

Exit code: 0 it was allowed, 1 it was refused, 2 it cannot be told.
"""

import argparse
import json
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from doorward.app.cli import CommandError
from doorward.app.cli.endpoint import endpoint_of, endpoint_option
from doorward.app.cli.places import CREDENTIALS, answer, data_of, data_options
from doorward.app.cli.profiles import Profile, read_profile

AROUND = timedelta(seconds=2)
PATIENCE_S = 0.5


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `why`."""
    parser.add_argument("id", help="the request id, as a refusal names it")
    endpoint_option(parser)
    data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look the call up in the trail and say what decided."""
    event = _event(args, _moment(args.id))
    answer(args, event, _words(event))
    return 1 if event.get("errorCode") else 0


def _moment(request_id: str) -> datetime:
    """When the call was made: our ids tell."""
    try:
        number = UUID(request_id).int
    except ValueError:
        raise CommandError(
            f"{request_id} is no request id", "Give the id a refusal ends with."
        ) from None
    return datetime.fromtimestamp((number >> 80) / 1000, UTC)


def _event(args: argparse.Namespace, at: datetime) -> dict[str, Any]:
    from botocore.exceptions import BotoCoreError, ClientError

    client = _client(args)
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            event = _found(client, args.id, at)
        except (BotoCoreError, ClientError) as error:
            next_step = "It takes a caller who may do cloudtrail:LookupEvents."
            raise CommandError(str(error), next_step) from None
        if event:
            return event
        if time.monotonic() > ends:
            break
        time.sleep(PATIENCE_S / 5)  # the record of a read waits a moment to be stored
    raise CommandError(
        f"the trail of this account has no call {args.id}",
        "Ask with the credentials of the account that made it.",
    )


def _found(client: Any, request_id: str, at: datetime) -> dict[str, Any] | None:
    pages = client.get_paginator("lookup_events")
    for page in pages.paginate(StartTime=at - AROUND, EndTime=at + AROUND):
        for entry in page["Events"]:
            event: dict[str, Any] = json.loads(entry["CloudTrailEvent"])
            if event["requestID"] == request_id:
                return event
    return None


def _client(args: argparse.Namespace) -> Any:
    """CloudTrail, with the keys of the environment, else those of the data directory."""
    import botocore.session

    profile = read_profile(data_of(args) / CREDENTIALS) or Profile(endpoint_of(args))
    given = "AWS_ACCESS_KEY_ID" in os.environ or args.endpoint
    key = (None, None) if given or not profile.key else profile.key
    return botocore.session.get_session().create_client(
        "cloudtrail",
        region_name=profile.region,
        endpoint_url=endpoint_of(args) if given else profile.endpoint,
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        verify=profile.authority,
    )


def _words(event: dict[str, Any]) -> str:
    identity = event["userIdentity"]
    who = identity.get("arn") or identity.get("accessKeyId") or identity["type"]
    service = event["eventSource"].partition(".")[0]
    lines = [
        f"{event['eventTime']}  {service}:{event['eventName']}  by {who}",
        f"from {event['sourceIPAddress']}, {event.get('userAgent', 'no user agent')}",
    ]
    if not event.get("errorCode"):
        return "\n".join([*lines, "It was allowed."])
    lines.append(f"{event['errorCode']}: {event['errorMessage']}")
    decision = (event.get("additionalEventData") or {}).get("Decision")
    return "\n".join([*lines, f"Decided: {decision}"] if decision else lines)
