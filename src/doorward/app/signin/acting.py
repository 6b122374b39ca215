"""Calls of AWS operations by somebody who signs in or is signed in: one road for all of them."""

import secrets
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from doorward.account.caller import Caller
from doorward.account.session import Session
from doorward.app.identify import Identified
from doorward.app.ids import time_ordered_id
from doorward.app.live import Live
from doorward.app.outbox import sealed_post
from doorward.app.trace import Trace
from doorward.app.vault import AccountVault
from doorward.authn.request import HttpRequest
from doorward.catalog import models
from doorward.services.call import Call
from doorward.store.errors import StoreUnavailable
from doorward.store.posts import Post
from doorward.wire.route import Route
from doorward.wire.validate import validate

if TYPE_CHECKING:
    from doorward.app.house import House


async def performed(
    house: "House",
    request: HttpRequest,
    session: Session,
    now: datetime,
    operation: str,
    **params: Any,
) -> dict[str, Any]:
    """The answer of an IAM operation, carried out as whoever has the session.

    Raises:
        AwsError: it was refused.
    """
    trace = traced(house, request, session, now, operation, params)
    assert trace.route is not None  # noqa: S101 - it was just given
    validate(trace.route, params)
    return await house.pipeline.perform(trace)


def traced(
    house: "House",
    request: HttpRequest,
    session: Session,
    now: datetime,
    operation: str,
    params: dict[str, Any],
) -> Trace:
    """The call of an IAM operation, with its caller proven."""
    live = house.accounts.get(session.account)
    if live is None:
        raise StoreUnavailable(f"account {session.account} is gone")
    iam = models.service("iam")
    return Trace(
        request,
        now,
        time_ordered_id(now),
        time_ordered_id(now),
        who=Identified(Caller.of_session(session), live),
        route=Route(iam, iam.operations[operation]),
        params=params,
    )


def call_of(house: "House", live: Live, caller: Caller, now: datetime) -> tuple[Call, AccountVault]:
    """A call on the account for what no operation does; the vault has the secrets after it."""
    vault = AccountVault(live, house.sealer)
    call = Call(
        service="iam",
        operation="",
        account=live.account,
        caller=caller,
        now=now,
        region="us-east-1",
        request_id="",
        vault=vault,
        desk=house.pipeline.desk,
        last_use=partial(house.uses.last_use, live),
        random=secrets.token_bytes,
        settings=house.settings.values,
    )
    return call, vault


def posts_of(house: "House", call: Call) -> list[Post]:
    """What is to be sent because of such a call; stored with its change."""
    due_ms = int(call.now.timestamp() * 1000)
    return [sealed_post(house.sealer, each.kind, each.body, due_ms) for each in call.messages]
