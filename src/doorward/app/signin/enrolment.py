"""Enrolment during a sign-in: nothing else opens until there is a second factor, or it may wait."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from doorward.account.session import Session
from doorward.app.signin.acting import performed
from doorward.app.signin.door import Form, Handler, Refused, form_door, said
from doorward.app.signin.holder import session_of
from doorward.app.signin.progress import advance
from doorward.app.signin.registration import new_app, new_passkey, passkey_options
from doorward.app.signin.steps import (
    Need,
    Reached,
    Step,
    first_to_answer,
    new_challenge,
    over,
    reached,
    sealed,
)
from doorward.app.signin.tries import take
from doorward.authn.key_ids import KEY_ID_BYTES
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House


class StepForm(Form, frozen=True):
    """The step alone."""

    step: str


class AppForm(Form, frozen=True):
    """The name of a new device; root's and users' have one by default."""

    step: str
    name: str | None = None


class CodesForm(Form, frozen=True):
    """Two codes in a row of the device just made."""

    step: str
    code1: str
    code2: str


class PasskeyForm(Form, frozen=True):
    """What `navigator.credentials.create()` gave, and what the key is called."""

    step: str
    name: str
    answer: dict[str, Any]


async def skip(house: "House", request: HttpRequest, form: StepForm) -> HttpResponse:
    """Not now; refused once the grace is over."""
    now = house.clock()
    at = await reached(house, form.step, Need.ENROL, now)
    tried = await take(house, request, at.step.credential, now)
    return await advance(house, request, at.step, tried, now, skips=True)


async def app(house: "House", request: HttpRequest, form: AppForm) -> HttpResponse:
    """Make a virtual device."""
    now = house.clock()
    at = await reached(house, form.step, Need.ENROL, now)
    made = await new_app(house, request, _session(at, now), at.holder, form.name, now)
    step = msgspec.structs.replace(at.step, device=made["serial"])
    return said({"next": step.need, "step": sealed(house, step), **made})


async def app_codes(house: "House", request: HttpRequest, form: CodesForm) -> HttpResponse:
    """Enable it with two codes in a row, and go on as somebody with MFA."""
    now = house.clock()
    at = await reached(house, form.step, Need.ENROL, now)
    if at.step.device is None:
        raise Refused(400, "NoDevice", "Make a device first.")
    tried = await take(house, request, at.step.credential, now)
    await performed(
        house,
        request,
        _session(at, now),
        now,
        "EnableMFADevice",
        user_name=at.holder.name,
        serial_number=at.step.device,
        authentication_code1=form.code1,
        authentication_code2=form.code2,
    )
    return await advance(house, request, _with_mfa(at.step, at.step.device, now), tried, now)


async def passkey(house: "House", request: HttpRequest, form: StepForm) -> HttpResponse:
    """Offer to make a passkey."""
    at = await reached(house, form.step, Need.ENROL, house.clock())
    step = msgspec.structs.replace(at.step, challenge=new_challenge())
    options = passkey_options(request, at.holder, step.challenge)
    return said({"next": step.need, "step": sealed(house, step), "options": options})


async def passkey_made(house: "House", request: HttpRequest, form: PasskeyForm) -> HttpResponse:
    """Register it, and go on as somebody with MFA."""
    now = house.clock()
    at = await reached(house, form.step, Need.ENROL, now)
    if not await first_to_answer(house, at.step.challenge, now):
        raise over()
    tried = await take(house, request, at.step.credential, now)
    serial = await new_passkey(
        house,
        request,
        _session(at, now),
        at.holder,
        at.step.challenge,
        form.name,
        form.answer,
        now,
    )
    return await advance(house, request, _with_mfa(at.step, serial, now), tried, now)


def _session(at: Reached, now: datetime) -> Session:
    return session_of(at.holder, now, secrets.token_bytes(KEY_ID_BYTES), at.step.mfa)


def _with_mfa(step: Step, serial: str, now: datetime) -> Step:
    return msgspec.structs.replace(step, mfa=(serial, now))


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/enrol/skip"): form_door(StepForm, skip),
    ("POST", "/signin/enrol/app"): form_door(AppForm, app),
    ("POST", "/signin/enrol/app/codes"): form_door(CodesForm, app_codes),
    ("POST", "/signin/enrol/passkey"): form_door(StepForm, passkey),
    ("POST", "/signin/enrol/passkey/made"): form_door(PasskeyForm, passkey_made),
}
