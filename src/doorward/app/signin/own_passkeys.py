"""Registering a passkey for oneself, while signed in; AWS has no operation for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from doorward.app.signin import tickets
from doorward.app.signin.door import Form, Handler, NoForm, said, session_door
from doorward.app.signin.registration import new_passkey, passkey_options
from doorward.app.signin.step_up import owner, refuse_stale_mfa
from doorward.authn.console_session import ConsoleSession
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

_PURPOSE = "own-passkey"


class MadeForm(Form, frozen=True):
    """What `navigator.credentials.create()` gave, its ticket, and what the key is called."""

    ticket: str
    name: str
    answer: dict[str, Any]


async def begin(
    house: "House", request: HttpRequest, session: ConsoleSession, _form: NoForm
) -> HttpResponse:
    """Offer to make a passkey."""
    now, holder = house.clock(), owner(house, session)
    refuse_stale_mfa(session, holder, now)
    ticket = tickets.issued(house, _PURPOSE, session, now)
    options = passkey_options(request, holder, ticket.challenge)
    return said({"options": options, "ticket": ticket.text})


async def made(
    house: "House", request: HttpRequest, session: ConsoleSession, form: MadeForm
) -> HttpResponse:
    """Register it, if its owner may."""
    now, holder = house.clock(), owner(house, session)
    refuse_stale_mfa(session, holder, now)
    challenge = await tickets.redeemed(house, _PURPOSE, session, form.ticket, now)
    serial = await new_passkey(
        house, request, session.identity, holder, challenge, form.name, form.answer, now
    )
    return said({"serial": serial})


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/passkeys"): session_door(NoForm, begin),
    ("POST", "/signin/passkeys/made"): session_door(MadeForm, made),
}
