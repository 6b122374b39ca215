"""The second step: a code of any of one's devices, or a security key."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from doorward.account.caller import Caller
from doorward.account.mfa import MfaDevice
from doorward.app.failures import Try
from doorward.app.signin import records
from doorward.app.signin.door import Form, Handler, Refused, form_door
from doorward.app.signin.holder import session_of
from doorward.app.signin.progress import advance, ask_for_mfa
from doorward.app.signin.proofs import device_of_code, device_of_key, needed_ceremony
from doorward.app.signin.steps import Need, Reached, first_to_answer, new_challenge, reached
from doorward.app.signin.tries import keep, take
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House


class CodeForm(Form, frozen=True):
    """Six digits of any of the devices."""

    step: str
    code: str


class KeyForm(Form, frozen=True):
    """What `navigator.credentials.get()` gave, in JSON form."""

    step: str
    answer: dict[str, Any]


class AgainForm(Form, frozen=True):
    """Another challenge, since each takes one answer."""

    step: str


async def by_code(house: "House", request: HttpRequest, form: CodeForm) -> HttpResponse:
    """A code."""
    now = house.clock()
    at = await reached(house, form.step, Need.MFA, now)
    tried = await take(house, request, at.step.credential, now, everywhere=True)
    device = await device_of_code(house, at.live, at.holder, form.code, now)
    if device is None:
        await _failed(house, request, at, now)
        raise wrong_code()
    return await _shown(house, request, at, device, tried, now)


async def by_key(house: "House", request: HttpRequest, form: KeyForm) -> HttpResponse:
    """A security key or passkey."""
    now = house.clock()
    at = await reached(house, form.step, Need.MFA, now)
    ceremony = needed_ceremony(request, at.step.challenge)
    tried = await take(house, request, at.step.credential, now)
    device = None
    if await first_to_answer(house, at.step.challenge, now):
        caller = Caller.of_session(session_of(at.holder, now, bytes(5), None))
        device = await device_of_key(house, ceremony, caller, at.holder, form.answer, now)
    if device is None:
        await _failed(house, request, at, now)
        raise wrong_key()
    return await _shown(house, request, at, device, tried, now)


async def again(house: "House", request: HttpRequest, form: AgainForm) -> HttpResponse:
    """The same step with a new challenge; it takes no longer for it."""
    at = await reached(house, form.step, Need.MFA, house.clock())
    step = msgspec.structs.replace(at.step, challenge=new_challenge())
    return ask_for_mfa(house, request, at.holder, step)


def wrong_code() -> Refused:
    """No device shows it, or it was used before, here or at STS."""
    return Refused(401, "WrongCode", "That code is not right or has been used.")


def wrong_key() -> Refused:
    """It proves nothing, for whatever reason."""
    return Refused(401, "WrongKey", "The security key could not be verified. Try again.")


async def _shown(
    house: "House",
    request: HttpRequest,
    at: Reached,
    device: MfaDevice,
    tried: Try,
    now: datetime,
) -> HttpResponse:
    step = msgspec.structs.replace(at.step, mfa=(device.serial, now))
    return await advance(house, request, step, tried, now)


async def _failed(house: "House", request: HttpRequest, at: Reached, now: datetime) -> None:
    await keep(house, records.not_logged_in(request, now, at.holder, mfa_used=True))


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/mfa"): form_door(CodeForm, by_code),
    ("POST", "/signin/mfa/passkey"): form_door(KeyForm, by_key),
    ("POST", "/signin/mfa/again"): form_door(AgainForm, again),
}
