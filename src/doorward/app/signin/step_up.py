"""Showing MFA again in a session: for root, and before one's own credentials are changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorward.account.mfa import MfaDevice
from doorward.app.failures import Try
from doorward.app.signin import records, tickets
from doorward.app.signin.door import (
    Form,
    Handler,
    NoForm,
    Refused,
    not_signed_in,
    said,
    session_door,
)
from doorward.app.signin.holder import Holder, holder_of
from doorward.app.signin.proofs import (
    device_of_code,
    device_of_key,
    needed_ceremony,
    options_for,
)
from doorward.app.signin.second_factor import wrong_code, wrong_key
from doorward.app.signin.session import renewed
from doorward.app.signin.sessions import shown
from doorward.app.signin.tries import keep, take
from doorward.authn.console_session import ConsoleSession, WayIn
from doorward.authn.request import HttpRequest
from doorward.services.iam.passwords import credential_of
from doorward.trail import signin
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

_PURPOSE = "step-up"


class CodeForm(Form, frozen=True):
    """Six digits of any of the devices."""

    code: str


class KeyForm(Form, frozen=True):
    """What `navigator.credentials.get()` gave, and the ticket of its challenge."""

    ticket: str
    answer: dict[str, Any]


async def begin(
    house: "House", request: HttpRequest, session: ConsoleSession, _form: NoForm
) -> HttpResponse:
    """Say which second factors would do."""
    holder = _holder(house, session)
    ticket = tickets.issued(house, _PURPOSE, session, house.clock())
    return said(
        {
            "code": bool(holder.devices_with_codes()),
            "passkey": options_for(request, holder, ticket.challenge),
            "ticket": ticket.text,
        }
    )


async def by_code(
    house: "House", request: HttpRequest, session: ConsoleSession, form: CodeForm
) -> HttpResponse:
    """A code."""
    now, holder = house.clock(), _holder(house, session)
    live = house.accounts.get(holder.account.id)
    tried = await take(house, request, credential(holder), now, everywhere=True)
    device = await device_of_code(house, live, holder, form.code, now) if live else None
    if device is None:
        await _failed(house, request, holder, now)
        raise wrong_code()
    return await _shown(house, request, session, holder, device, tried, now)


async def by_key(
    house: "House", request: HttpRequest, session: ConsoleSession, form: KeyForm
) -> HttpResponse:
    """A security key or passkey."""
    now, holder = house.clock(), _holder(house, session)
    challenge = await tickets.redeemed(house, _PURPOSE, session, form.ticket, now)
    ceremony = needed_ceremony(request, challenge)
    tried = await take(house, request, credential(holder), now)
    device = await device_of_key(house, ceremony, session.caller, holder, form.answer, now)
    if device is None:
        await _failed(house, request, holder, now)
        raise wrong_key()
    return await _shown(house, request, session, holder, device, tried, now)


def owner(house: "House", session: ConsoleSession) -> Holder:
    """Whose session it is, where that is a user or root with a password.

    Raises:
        Refused: it came from elsewhere and has no credentials here.
    """
    live = house.accounts.get(session.identity.account)
    found = holder_of(live, session.identity.entity_id) if live else None
    if found is None or session.way is not WayIn.PASSWORD:
        raise Refused(400, "NoCredentials", "This session is of nobody with credentials here.")
    return found


def _holder(house: "House", session: ConsoleSession) -> Holder:
    """Whose session it is, with something to show."""
    found = owner(house, session)
    if not found.devices:
        raise Refused(400, "NoDevice", "There is no MFA device to show. Add one first.")
    return found


def refuse_stale_mfa(session: ConsoleSession, holder: Holder, now: datetime) -> None:
    """Whoever has a device shows it before its credentials are changed.

    Raises:
        Refused: MFA was not shown within the last five minutes.
    """
    if holder.devices and not session.has_fresh_mfa(now):
        raise Refused(403, "StepUpNeeded", "Show your MFA device again first.")


def credential(holder: Holder) -> str:
    """What its wrong tries count against."""
    if holder.user is None:
        return holder.account.profile.email.lower()
    return credential_of(holder.account.id, holder.name)


async def _shown(
    house: "House",
    request: HttpRequest,
    session: ConsoleSession,
    holder: Holder,
    device: MfaDevice,
    tried: Try,
    now: datetime,
) -> HttpResponse:
    await house.failures.passed_half(tried)
    await keep(house, records.mfa_checked_again(request, now, holder, [device]))
    newer = session.with_mfa(device.serial, now)
    cookie = await renewed(house, request, session, newer, now)
    if cookie is None:
        raise not_signed_in()
    return said(shown(house, newer, now), cookie)


async def _failed(house: "House", request: HttpRequest, holder: Holder, now: datetime) -> None:
    row = records.mfa_checked_again(request, now, holder, holder.devices, signin.FAILED)
    await keep(house, row)


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/step-up"): session_door(NoForm, begin),
    ("POST", "/signin/step-up/code"): session_door(CodeForm, by_code),
    ("POST", "/signin/step-up/passkey"): session_door(KeyForm, by_key),
}
