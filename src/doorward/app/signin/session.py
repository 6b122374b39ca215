"""The session cookie: written, read, and looked at whether it still counts, on any node."""

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from doorward.account.session import Session
from doorward.app.identify import Identified, is_over
from doorward.authn.console_session import (
    ConsoleSession,
    WayIn,
    begins_with_old_password,
    seal_console,
    unseal_console,
)
from doorward.authn.request import HttpRequest
from doorward.authn.sealing import NONCE_BYTES
from doorward.store.errors import StoreUnavailable
from doorward.store.marks import Mark

if TYPE_CHECKING:
    from doorward.app.house import House

COOKIE = "doorward-session"
CSRF_HEADER = "x-csrf-token"
WHOLE = 0
"""The mark of a sign-in that is over as a whole; turns are counted from 1."""
_ID_BYTES = 16
_CSRF_BYTES = 24

Header = tuple[str, str]


def new_console_session(identity: Session, way: WayIn) -> ConsoleSession:
    """The first turn of a sign-in."""
    return ConsoleSession(
        secrets.token_hex(_ID_BYTES), 1, secrets.token_urlsafe(_CSRF_BYTES), way, identity
    )


def set_cookie(
    house: "House", request: HttpRequest, session: ConsoleSession, now: datetime
) -> Header:
    """The header that gives the browser its session."""
    ring = house.pipeline.identity.ring
    value = seal_console(session, ring, secrets.token_bytes(NONCE_BYTES))
    left_s = int((session.identity.expires_at - now).total_seconds())
    return _cookie(request, value, left_s)


def drop_cookie(request: HttpRequest) -> Header:
    """The header that takes the browser's session away."""
    return _cookie(request, "", 0)


async def current_session(house: "House", request: HttpRequest) -> ConsoleSession | None:
    """The browser's session, if it still counts; a role's that ended is left.

    Raises:
        StoreUnavailable: whether it still counts is not known.
    """
    if not house.is_ready():
        raise StoreUnavailable("this node is behind the others")
    session = _presented(house, request)
    now = house.clock()
    if session is None or session.is_expired(now):
        return None
    if await _is_ended(house, session) or not await _counts(house, session):
        return None
    if session.role and (session.role.is_expired(now) or not await holds(house, session.role)):
        return replace(session, role=None)
    return session


async def identified(house: "House", session: ConsoleSession) -> Identified | None:
    """The caller that a session's calls are made by, with its account as it stands."""
    await house.accounts.fetch(session.in_force.account)
    live = house.accounts.get(session.in_force.account)
    return Identified(session.caller, live) if live else None


async def end_turn(house: "House", session: ConsoleSession) -> bool:
    """The cookie of this turn opens nothing any more; False when it was over before."""
    return await house.tallies.first(_mark(session, session.turn))


async def renewed(
    house: "House",
    request: HttpRequest,
    session: ConsoleSession,
    newer: ConsoleSession,
    now: datetime,
) -> Header | None:
    """The cookie of the next turn; that of this one opens nothing any more.

    None: another request was first to turn it.
    """
    if not await end_turn(house, session):
        return None
    return set_cookie(house, request, newer, now)


async def end_sign_in(house: "House", session: ConsoleSession) -> None:
    """No cookie of this sign-in, nor what was made from one, opens anything any more."""
    await house.tallies.counts([_mark(session, WHOLE)])


async def is_signed_out(house: "House", session_id: str) -> bool:
    """Whether the sign-in of that id was ended as a whole, for what was made from it."""
    return WHOLE in await asyncio.to_thread(house.store.tallied, _place(session_id))


def _presented(house: "House", request: HttpRequest) -> ConsoleSession | None:
    values = [
        value
        for name, header in request.headers
        if name == "cookie"
        for key, _, value in (part.strip().partition("=") for part in header.split(";"))
        if key == _name(request)
    ]
    # INVARIANT: whoever can plant a second cookie must not choose which one counts.
    if len(values) != 1:
        return None
    return unseal_console(values[0], house.pipeline.identity.ring)


async def _is_ended(house: "House", session: ConsoleSession) -> bool:
    ended = await asyncio.to_thread(house.store.tallied, _place(session.id))
    return WHOLE in ended or session.turn in ended


async def _counts(house: "House", session: ConsoleSession) -> bool:
    if not await holds(house, session.identity):
        return False
    live = house.accounts.get(session.identity.account)
    return live is not None and not begins_with_old_password(live.account, session)


async def holds(house: "House", session: Session) -> bool:
    """Whoever holds these credentials is still there, and they are not revoked."""
    await house.accounts.fetch(session.account)
    live = house.accounts.get(session.account)
    return live is not None and not is_over(live.account, session)


def _place(session_id: str) -> str:
    return f"console-over/{session_id}"


def _mark(session: ConsoleSession, moment: int) -> Mark:
    # One more minute for nodes whose clocks differ.
    until_ms = int(session.identity.expires_at.timestamp() * 1000) + 60_000
    return Mark(_place(session.id), moment, until_ms)


def _name(request: HttpRequest) -> str:
    # A browser takes the prefix only from us and over TLS, so no neighbour can plant it.
    return f"__Host-{COOKIE}" if request.secure else COOKIE


def _cookie(request: HttpRequest, value: str, left_s: int) -> Header:
    secure = "; Secure" if request.secure else ""
    kept = f"Path=/; Max-Age={left_s}; HttpOnly; SameSite=Lax{secure}"
    return "set-cookie", f"{_name(request)}={value}; {kept}"
