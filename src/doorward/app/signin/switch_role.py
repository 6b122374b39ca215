"""Switching to a role and back, as whoever signed in: never as the role switched to before.

The role's trust policy decides, by AssumeRole itself. AWS: the role lasts its maximum, or until
the sign-in is over.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.session import Session, SessionKind
from doorward.app.identify import Identified
from doorward.app.ids import time_ordered_id
from doorward.app.signin.door import (
    Form,
    Handler,
    NoForm,
    Refused,
    not_signed_in,
    said,
    session_door,
)
from doorward.app.signin.records import console_of, record
from doorward.app.signin.session import renewed
from doorward.app.signin.sessions import shown
from doorward.app.signin.tries import keep
from doorward.app.trace import Trace
from doorward.authn.console_session import ConsoleSession, RoleSeen
from doorward.authn.identity import user_identity
from doorward.authn.request import HttpRequest
from doorward.authn.sessions import unseal
from doorward.catalog import models
from doorward.services.sts.assume_role import LONGEST_CHAINED_S
from doorward.store.unit import RecordRow
from doorward.wire.response import HttpResponse
from doorward.wire.route import Route

if TYPE_CHECKING:
    from doorward.app.house import House

LONGEST_NAME = 64
"""AWS: of the role's path and name together."""
SHORTEST_S = 900
_COLOR = re.compile(r"(?:[0-9A-Fa-f]{6})?")
_ROLE = re.compile(r"(?:[!-.0-~]+/)*[\w+=,.@-]+", re.ASCII)


class Wish(Form, frozen=True, rename="camel"):
    """The form behind AWS's links to switch roles.

    Attributes:
        account: An id or an alias.
        role_name: With its path, if it has one.
        display_name: What the console shows.
        color: Six hexadecimal digits, or nothing.
    """

    account: str
    role_name: str
    display_name: str = ""
    color: str = ""


async def switch(
    house: "House", request: HttpRequest, session: ConsoleSession, form: Wish
) -> HttpResponse:
    """Act as the role from now on."""
    if session.identity.kind is SessionKind.ROOT:
        raise Refused(403, "AccessDenied", "Root cannot switch roles. Sign in as a user.")
    now = house.clock()
    name = _role_name(form)
    account_id = await house.names.of_account(form.account)
    if account_id is None:
        raise _no_such_role()
    role = await _assumed(house, request, session.identity, (account_id, name), now)
    seen = RoleSeen(account_id, name, form.display_name, form.color)
    return await _turned(house, request, session, session.in_role(role, seen), "SwitchRole")


async def leave(
    house: "House", request: HttpRequest, session: ConsoleSession, _form: NoForm
) -> HttpResponse:
    """Act as whoever signed in again."""
    if session.role is None:
        raise Refused(409, "NotInRole", "You are in no role.")
    return await _turned(house, request, session, session.out_of_role(), "ExitRole")


async def _assumed(
    house: "House",
    request: HttpRequest,
    identity: Session,
    role: tuple[str, str],
    now: datetime,
) -> Session:
    """The role's session, as AssumeRole gives it to whoever signed in."""
    account_id, name = role
    await house.accounts.fetch(account_id)
    owner, own = house.accounts.get(account_id), house.accounts.get(identity.account)
    if owner is None or own is None:
        raise _no_such_role()
    params = {
        "role_arn": f"arn:aws:iam::{account_id}:role/{name}",
        "role_session_name": identity.name,
        "duration_seconds": _duration_s(owner.account, name, identity, now),
    }
    sts = models.service("sts")
    trace = Trace(
        request,
        now,
        time_ordered_id(now),
        time_ordered_id(now),
        who=Identified(Caller.of_session(identity), own),
        route=Route(sts, sts.operations["AssumeRole"]),
        params=params,
    )
    answer: Mapping[str, Any] = await house.pipeline.perform(trace)
    made = unseal(answer["Credentials"]["SessionToken"], house.pipeline.identity.ring)
    # INVARIANT: the cookie opens nothing by itself, and nothing outlives the sign-in.
    ends = min(made.expires_at, identity.expires_at)
    return replace(made, secret_access_key="", expires_at=ends)


def _duration_s(account: Account, name: str, identity: Session, now: datetime) -> int:
    found = account.role(name.rpartition("/")[2])
    most = found.max_session_s if found else SHORTEST_S
    if identity.kind is SessionKind.ROLE:
        most = min(most, LONGEST_CHAINED_S)
    left = int((identity.expires_at - now).total_seconds())
    return max(SHORTEST_S, min(most, left))


async def _turned(
    house: "House", request: HttpRequest, before: ConsoleSession, after: ConsoleSession, name: str
) -> HttpResponse:
    """The next cookie; the one before opens nothing any more."""
    now = house.clock()
    cookie = await renewed(house, request, before, after, now)
    if cookie is None:
        raise not_signed_in()
    await keep(house, _record(request, now, name, before, after))
    return said(shown(house, after, now), cookie)


def _record(
    request: HttpRequest, now: datetime, name: str, before: ConsoleSession, after: ConsoleSession
) -> RecordRow:
    """AWS: both are events of the role's account, by the role's session."""
    session = after.role or before.role or before.identity
    details = {"SwitchFrom": before.caller.arn, "RedirectTo": console_of(request)}
    identity = user_identity(Caller.of_session(session))
    return record(request, now, name, session.account, identity, details=details)


def _role_name(form: Wish) -> str:
    name = form.role_name.removeprefix("/")
    if len(name) > LONGEST_NAME or not _ROLE.fullmatch(name):
        raise Refused(
            400, "BadRoleName", f"Path and name of a role are {LONGEST_NAME} letters at most."
        )
    if len(form.display_name) > LONGEST_NAME or not form.display_name.isprintable():
        raise Refused(400, "BadDisplayName", f"{LONGEST_NAME} printable letters at most.")
    if not _COLOR.fullmatch(form.color):
        raise Refused(400, "BadColor", "A color is six hexadecimal digits.")
    return name


def _no_such_role() -> Refused:
    return Refused(403, "AccessDenied", "There is no such role, or it does not trust you.")


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/switch-role"): session_door(Wish, switch),
    ("POST", "/signin/exit-role"): session_door(NoForm, leave),
}
