"""Who is signed in, and signing out: here, and everywhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.session import SessionKind
from doorward.app.live import Live
from doorward.app.signin.door import Handler, NoForm, page_door, said, session_door, signed_in
from doorward.app.signin.grace import grace_of
from doorward.app.signin.holder import holder_of
from doorward.app.signin.records import record
from doorward.app.signin.session import drop_cookie, end_sign_in
from doorward.app.writer import Written
from doorward.authn.console_session import ConsoleSession, WayIn
from doorward.authn.identity import user_identity
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House


async def show(house: "House", request: HttpRequest) -> HttpResponse:
    """Who is signed in, as whom, until when."""
    session = await signed_in(house, request)
    return said(shown(house, session, house.clock()))


async def sign_out(
    house: "House", request: HttpRequest, session: ConsoleSession, _form: NoForm
) -> HttpResponse:
    """End this sign-in, on every node."""
    await end_sign_in(house, session)
    return said({"signed_out": True}, drop_cookie(request))


async def sign_out_everywhere(
    house: "House", request: HttpRequest, session: ConsoleSession, _form: NoForm
) -> HttpResponse:
    """End every session of whoever is signed in, temporary credentials included.

    Of somebody who came by a link it ends this sign-in: the role, or the user behind it, is not
    theirs alone.
    """
    now = house.clock()
    await end_sign_in(house, session)
    await house.writer.write(
        session.identity.account, lambda live: _with_floor(live, request, session, now)
    )
    return said({"signed_out": True}, drop_cookie(request))


def shown(house: "House", session: ConsoleSession, now: datetime) -> dict[str, Any]:
    """A session as its own page may know it."""
    caller, identity = session.caller, session.identity
    live = house.accounts.get(identity.account)
    return {
        "account": identity.account,
        "alias": next(iter(live.account.profile.aliases), None) if live else None,
        "arn": caller.arn,
        "kind": caller.kind.value,
        "name": caller.name or "root",
        "signed_in_as": identity.entity_arn,
        "mfa": identity.mfa_at is not None,
        "mfa_at": identity.mfa_at,
        "expires": identity.expires_at,
        "csrf": session.csrf,
        "days_left": _days_left(house, live, session, now),
        "roles": [each._asdict() for each in session.roles],
    }


def _days_left(
    house: "House", live: Live | None, session: ConsoleSession, now: datetime
) -> int | None:
    """How long its owner may still come in without MFA, where that will be over."""
    holder = holder_of(live, session.identity.entity_id) if live else None
    grace = grace_of(holder, house.settings.values, now) if holder else None
    return grace.days_left(now) if grace else None


def _with_floor(
    live: Live, request: HttpRequest, session: ConsoleSession, now: datetime
) -> Written:
    """The floor, and the record of it; AWS has neither."""
    account = live.account
    # INVARIANT: nobody ends the sessions of others without a permission.
    own = session.way is WayIn.PASSWORD
    after = _floored(account, session, now) if own else account
    identity = user_identity(Caller.of_session(session.identity))
    row = record(request, now, "SignOutEverywhere", account.id, identity)
    return Written(replace(live, account=after), None, (row,))


def _floored(account: Account, session: ConsoleSession, now: datetime) -> Account:
    if session.identity.kind is SessionKind.ROOT:
        return account.put(replace(account.profile, root_revoked_before=now))
    entity: Any = account.by_id(session.identity.entity_id)
    return account.put(replace(entity, revoked_before=now)) if entity else account


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "/signin/session"): page_door(show),
    ("POST", "/signin/sign-out"): session_door(NoForm, sign_out),
    ("POST", "/signin/sign-out-everywhere"): session_door(NoForm, sign_out_everywhere),
}
