"""`aws login` in the browser: whoever is signed in lets a command line act for them.

Source: AWS CLI 2.38, `aws login`; RFC 6749, RFC 7636, RFC 8252.
"""

import base64
import re
from collections.abc import Mapping
from hmac import compare_digest
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from doorward.app.signin.door import Handler, Refused, page_door
from doorward.app.signin.oauth_grants import (
    CODE_LIFE,
    CROSS_DEVICE,
    PUBLIC_CLIENTS,
    SAME_DEVICE,
    Code,
    Login,
    binding_of,
    is_loopback_callback,
    new_login,
    seal_code,
)
from doorward.app.signin.oauth_permission import AUTHORIZE, permitted, recorded
from doorward.app.signin.page import page
from doorward.app.signin.session import current_session
from doorward.authn.console_session import ConsoleSession
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

PATH = "/v1/authorize"
CONFIRMATION = "/v1/sessions/confirmation"
SIGN_IN = "/console/sign-in"
LONGEST_STATE = 512
LONGEST_FORM = 16 * 1024
METHODS = frozenset({"SHA-256", "S256"})
"""The AWS CLI's word for the method, and that of RFC 7636."""
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Asked(NamedTuple):
    """What a client asks for."""

    client: str
    redirect_uri: str
    state: str
    challenge: str


async def ask(house: "House", request: HttpRequest) -> HttpResponse:
    """Ask whoever is signed in whether they want this."""
    asked = _asked(request)
    session = await current_session(house, request)
    if session is None:
        return _elsewhere(f"{SIGN_IN}?next={quote(f'{PATH}?{request.query}', safe='')}")
    return _consent(request, asked, session)


async def answer(house: "House", request: HttpRequest) -> HttpResponse:
    """Send the code, or the refusal, to where the client waits for it."""
    asked = _asked(request)
    session = await current_session(house, request)
    if session is None:
        raise Refused(401, "NotSignedIn", "Nobody is signed in, or the session has ended.")
    form = _form(request)
    if not compare_digest(form.get("csrf", "").encode(), session.csrf.encode()):
        raise Refused(403, "BadCsrfToken", "This form is not this session's.")
    if form.get("answer") != "allow":
        return _told(asked, error="access_denied", error_description="The user said no.")
    return await _code_for(house, request, asked, session)


async def _code_for(
    house: "House", request: HttpRequest, asked: Asked, session: ConsoleSession
) -> HttpResponse:
    now = house.clock()
    login = new_login(asked.client, session)
    refusal = await permitted(house, request, login, AUTHORIZE, asked.redirect_uri)
    await recorded(house, request, login, AUTHORIZE, refusal)
    if refusal:
        return _told(asked, error="access_denied", error_description=refusal)
    binding = binding_of(asked.client, asked.redirect_uri, asked.challenge)
    code = seal_code(house, Code(now + CODE_LIFE, binding, login))
    if asked.client == CROSS_DEVICE:
        return _shown(asked, login, code)
    return _told(asked, code=code)


def _asked(request: HttpRequest) -> Asked:
    """The query, every part of it checked before anything is done with it.

    Raises:
        Refused: INVARIANT: told here and sent nowhere, for who would it be sent to?
    """
    found = _parameters(request.query)
    client = found.get("client_id", "")
    redirect_uri = found.get("redirect_uri", "")
    wrong = (
        ("client_id", client not in PUBLIC_CLIENTS),
        ("redirect_uri", not _is_address_of(client, redirect_uri)),
        ("response_type", found.get("response_type") != "code"),
        ("scope", "openid" not in found.get("scope", "").split()),
        ("code_challenge_method", found.get("code_challenge_method") not in METHODS),
        ("code_challenge", not _CHALLENGE.fullmatch(found.get("code_challenge", ""))),
        ("state", not _is_state(found.get("state", ""))),
    )
    for name, is_wrong in wrong:
        if is_wrong:
            raise Refused(400, "InvalidRequest", f"{name} is not one that `aws login` sends.")
    return Asked(client, redirect_uri, found["state"], found["code_challenge"])


def _is_address_of(client: str, redirect_uri: str) -> bool:
    if client == SAME_DEVICE:
        return is_loopback_callback(redirect_uri)
    # Nobody is sent there: the page with the code is always ours. It is bound to the code alone.
    try:
        return urlsplit(redirect_uri).path == CONFIRMATION
    except ValueError:
        return False


def _is_state(text: str) -> bool:
    return 0 < len(text) <= LONGEST_STATE and text.isascii() and text.isprintable()


def _parameters(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        pairs = []
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused(400, "InvalidRequest", "A parameter is there twice.")
    return found


def _form(request: HttpRequest) -> dict[str, str]:
    if len(request.body) > LONGEST_FORM:
        raise Refused(413, "TooLarge", "The form is too large.")
    return _parameters(request.body.decode("latin-1"))


def _told(asked: Asked, **parameters: str) -> HttpResponse:
    """Back to the client: by the browser where the client listens, else by a page."""
    if asked.client == CROSS_DEVICE:
        said = parameters.get("error_description", "")
        return page("Not allowed", f"<p>{escape(said)}</p>", status=403)
    return _elsewhere(f"{asked.redirect_uri}?{urlencode({**parameters, 'state': asked.state})}")


def _elsewhere(address: str) -> HttpResponse:
    headers = (
        ("location", address),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
    )
    return HttpResponse(303, headers, b"")


def _consent(request: HttpRequest, asked: Asked, session: ConsoleSession) -> HttpResponse:
    arn, ends = session.caller.arn, session.in_force.expires_at
    remote = asked.client == CROSS_DEVICE
    where = "on another machine" if remote else "on this machine"
    warning = _REMOTE if remote else _LOCAL
    body = (
        f"<p>The AWS command line {where} asks to act as</p><p><code>{escape(arn)}</code></p>"
        f"<p>of account {session.in_force.account}, until {ends:%Y-%m-%d %H:%M} UTC or until you"
        f' sign out.</p><p class="warning">{warning}</p>'
        f'<form method="post" action="{PATH}?{escape(request.query)}">'
        f'<input type="hidden" name="csrf" value="{escape(session.csrf)}">'
        '<button name="answer" value="allow">Allow</button> '
        '<button name="answer" value="deny">Deny</button></form>'
    )
    leads_to = "" if remote else asked.redirect_uri.removesuffix("/oauth/callback")
    return page("Sign in the AWS command line?", body, leads_to=leads_to)


def _shown(asked: Asked, login: Login, code: str) -> HttpResponse:
    """The code, to be carried to the other machine by hand, in the form the AWS CLI reads."""
    text = urlencode({"state": asked.state, "code": code})
    shown = base64.b64encode(text.encode()).decode()
    body = (
        "<p>Type or paste this where <code>aws login --remote</code> waits:</p>"
        f"<p><code>{shown}</code></p>"
        f"<p>It works once, within {CODE_LIFE.seconds // 60} minutes, for"
        f" <code>{escape(login.console.caller.arn)}</code>. Give it to nobody.</p>"
    )
    return page("Authorization code", body)


async def confirmation(_house: "House", _request: HttpRequest) -> HttpResponse:
    """Where a client says codes are shown; they are shown by the answer to the form itself."""
    body = "<p>Begin with <code>aws login --remote</code>, and open the address it prints.</p>"
    return page("Authorization code", body)


_LOCAL = "Allow it only if you have just typed <code>aws login</code> yourself."
_REMOTE = (
    "Allow it only if you have just typed <code>aws login --remote</code> yourself. Whoever sent"
    " you this address would get your access."
)

HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", PATH): page_door(ask),
    ("POST", PATH): page_door(answer),
    ("GET", CONFIRMATION): page_door(confirmation),
}
