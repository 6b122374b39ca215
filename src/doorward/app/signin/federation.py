"""The federation endpoint: temporary credentials become a link that signs a browser in.

A custom identity broker asks for a sign-in token with the credentials of a role session or of a
federated user, and hands its user a link with it.

Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import msgspec

from doorward.account.caller import Caller
from doorward.account.session import Session, SessionKind
from doorward.app.guard import LOCAL_HOSTS, host_name
from doorward.app.signin.door import Handler, Refused, page_door, said
from doorward.app.signin.records import console_of, origin_of, record
from doorward.app.signin.session import holds, new_console_session, set_cookie
from doorward.app.signin.tries import keep
from doorward.authn.console_session import WayIn
from doorward.authn.identity import user_identity
from doorward.authn.request import HttpRequest
from doorward.authn.sessions import unseal
from doorward.errors import NotAuthentic
from doorward.trail.signin import login_details
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

PATH = "/federation"
TOKEN_LIFE = timedelta(minutes=15)
SHORTEST_S, LONGEST_S = 900, 43_200
CONSOLE = "/console/"
_KIND = "signin-token"
_KINDS = frozenset({SessionKind.ROLE, SessionKind.FEDERATED_USER})
_AWS = ".aws.amazon.com"


class Credentials(msgspec.Struct, frozen=True, rename="camel"):
    """The parameter `Session`, as AWS spells it."""

    session_id: str
    session_key: str
    session_token: str


class SigninToken(msgspec.Struct, frozen=True, array_like=True):
    """What a sign-in token says.

    Attributes:
        until: The link works before that.
        lasts_s: How long the console session is; None: as long as the credentials.
    """

    session: Session
    until: datetime
    lasts_s: int | None


async def serve(house: "House", request: HttpRequest) -> HttpResponse:
    """Do what `Action` says."""
    if not request.secure and host_name(request) not in LOCAL_HOSTS:
        raise Refused(403, "NotSecure", "Credentials are taken over TLS alone.")
    asked = _parameters(request)
    action = asked.get("Action")
    if action == "getSigninToken":
        return await get_signin_token(house, request, asked)
    if action == "login":
        return await login(house, request, asked)
    raise Refused(400, "InvalidAction", "Action is getSigninToken or login.")


async def get_signin_token(
    house: "House", request: HttpRequest, asked: Mapping[str, str]
) -> HttpResponse:
    """A token for a link, in exchange for proof of temporary credentials."""
    now = house.clock()
    given = _credentials(asked.get("Session", ""))
    session = await _proven(house, given, now)
    lasts_s = _duration(asked.get("SessionDuration"), session)
    # INVARIANT: the link is no credential for the API, whoever reads it.
    token = SigninToken(replace(session, secret_access_key=""), now + TOKEN_LIFE, lasts_s)
    identity = user_identity(Caller.of_session(session))
    await keep(house, record(request, now, "GetSigninToken", session.account, identity))
    sealed = house.pipeline.desk.seal(_KIND, msgspec.json.encode(token).decode())
    return said({"SigninToken": sealed})


async def login(house: "House", request: HttpRequest, asked: Mapping[str, str]) -> HttpResponse:
    """Sign the browser in, and send it to an address of this host."""
    now = house.clock()
    destination = _destination(request, asked.get("Destination", ""))
    text = house.pipeline.desk.unseal(_KIND, asked.get("SigninToken", ""))
    token = msgspec.json.decode(text, type=SigninToken) if text else None
    if token is None or now >= token.until or not await holds(house, token.session):
        raise Refused(400, "InvalidSigninToken", "The link is not valid, or not any more.")
    ends = token.session.expires_at
    if token.lasts_s is not None:
        ends = now + timedelta(seconds=token.lasts_s)
    if ends <= now:
        raise Refused(400, "InvalidSigninToken", "The credentials behind the link have expired.")
    identity = replace(token.session, expires_at=ends)
    session = new_console_session(identity, WayIn.FEDERATION)
    details = login_details(console_of(request), identity.mfa_serial, mfa_used=_mfa(identity))
    caller = user_identity(Caller.of_session(identity))
    await keep(
        house, record(request, now, "ConsoleLogin", identity.account, caller, details=details)
    )
    headers = (
        ("location", destination),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        set_cookie(house, request, session, now),
    )
    return HttpResponse(302, headers, b"")


async def _proven(house: "House", given: Credentials, now: datetime) -> Session:
    """The session of credentials that are whole and in force.

    Raises:
        Refused: one sentence for whatever does not hold.
    """
    try:
        session = unseal(given.session_token, house.pipeline.identity.ring)
    except NotAuthentic:
        raise _not_these() from None
    same = compare_digest(given.session_key.encode(), session.secret_access_key.encode())
    if not same or not session.secret_access_key or given.session_id != session.access_key_id:
        raise _not_these()
    if session.is_expired(now) or not await holds(house, session):
        raise _not_these()
    if session.kind not in _KINDS:
        raise Refused(
            400, "InvalidSession", "Use credentials of AssumeRole or of GetFederationToken."
        )
    return session


def _duration(text: str | None, session: Session) -> int | None:
    """AWS: only for a role that was not assumed by another, and no role's maximum limits it."""
    if text is None:
        return None
    if session.kind is SessionKind.FEDERATED_USER or session.chained:
        raise Refused(
            400,
            "InvalidSessionDuration",
            "SessionDuration is not for GetFederationToken's credentials nor for chained roles.",
        )
    if not text.isascii() or not text.isdigit() or not SHORTEST_S <= int(text) <= LONGEST_S:
        raise Refused(
            400, "InvalidSessionDuration", f"SessionDuration is {SHORTEST_S} to {LONGEST_S} s."
        )
    return int(text)


def _destination(request: HttpRequest, text: str) -> str:
    """Where to send the browser: this host, and nowhere else.

    Links made for AWS lead to its console; here they lead to ours.
    """
    if text.startswith("//"):
        raise _not_here()
    own = urlsplit(origin_of(request))
    try:
        asked = urlsplit(text)
        host = asked.hostname or ""
    except ValueError:
        raise _not_here() from None
    if (asked.scheme, asked.netloc) == (own.scheme, own.netloc):
        asked = asked._replace(scheme="", netloc="")
    elif asked.scheme == "https" and f".{host}".endswith(_AWS):
        return CONSOLE
    path = asked.geturl() or CONSOLE
    if asked.scheme or asked.netloc or not _is_path(path):
        raise _not_here()
    return path


def _is_path(text: str) -> bool:
    # INVARIANT: browsers take a backslash for a slash, drop tabs and line breaks, and read //name
    # as another host.
    plain = text.isascii() and text.isprintable() and "\\" not in text
    return plain and text.startswith("/") and not text.startswith("//")


def _parameters(request: HttpRequest) -> dict[str, str]:
    """Those of the query or of the form; one that comes twice is none.

    Raises:
        Refused: too many, or twice.
    """
    body = request.body.decode("latin-1") if request.method == "POST" else ""
    found: dict[str, str] = {}
    try:
        for text in (request.query, body):
            for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=20):
                if name in found:
                    raise Refused(400, "InvalidParameter", f"{name[:40]} is there twice.")
                found[name] = value
    except ValueError:
        raise Refused(400, "InvalidParameter", "There are too many parameters.") from None
    return found


def _credentials(text: str) -> Credentials:
    try:
        return msgspec.json.decode(text, type=Credentials)
    except (msgspec.DecodeError, RecursionError):
        raise Refused(
            400,
            "InvalidSession",
            "Session is JSON with sessionId, sessionKey and sessionToken.",
        ) from None


def _mfa(session: Session) -> bool:
    return session.mfa_at is not None


def _not_these() -> Refused:
    return Refused(400, "InvalidSession", "These credentials are not valid, or not any more.")


def _not_here() -> Refused:
    return Refused(400, "InvalidDestination", "Destination is an address of this host.")


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", PATH): page_door(serve),
    ("POST", PATH): page_door(serve),
}
