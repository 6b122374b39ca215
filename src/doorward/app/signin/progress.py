"""What a sign-in needs next, in AWS's order: second factor, a new password, enrolment; then in."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorward.account.activity import Use, password_id
from doorward.account.session import Session
from doorward.app.failures import Try
from doorward.app.live import Live
from doorward.app.signin import records
from doorward.app.signin.door import Refused, said
from doorward.app.signin.grace import Grace, grace_of
from doorward.app.signin.holder import Holder, session_of
from doorward.app.signin.proofs import options_for
from doorward.app.signin.session import new_console_session, set_cookie
from doorward.app.signin.sessions import shown
from doorward.app.signin.steps import (
    Need,
    Step,
    catch_up,
    first_to_open,
    holder_at,
    over,
    sealed,
    waiting,
)
from doorward.app.signin.tries import keep
from doorward.app.writer import Written
from doorward.authn.console_session import WayIn
from doorward.authn.key_ids import KEY_ID_BYTES
from doorward.authn.passwords_expiry import PasswordState, changed_at, expires_at, state
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House


async def advance(
    house: "House",
    request: HttpRequest,
    step: Step,
    tried: Try | None,
    now: datetime,
    *,
    skips: bool = False,
) -> HttpResponse:
    """Go on from what is proven.

    Args:
        house: Where the account is.
        request: The browser's.
        step: What is proven.
        tried: The try that succeeded, to be taken back; None when none was taken.
        now: Of the request.
        skips: Its owner wants to enrol later.
    """
    live = house.accounts.get(step.account)
    holder = holder_at(house, live, step) if live else None
    if holder is None:
        raise over()
    if holder.devices and step.mfa is None:
        await _taken_back(house, tried)
        await keep(house, records.asked_for_mfa(request, now, holder))
        return ask_for_mfa(house, request, holder, waiting(step, Need.MFA, now))
    password = _password_state(holder, now)
    if password is PasswordState.LOCKED:
        await _taken_back(house, tried)
        raise await _locked(house, request, holder, step, now)
    if password is PasswordState.MUST_CHANGE:
        await _taken_back(house, tried)
        return _ask_for_password(house, holder, waiting(step, Need.PASSWORD, now))
    grace = grace_of(holder, house.settings.values, now)
    if grace and (grace.over or not skips):
        await _taken_back(house, tried)
        return _ask_to_enrol(house, request, grace, waiting(step, Need.ENROL, now), now)
    return await _let_in(house, request, step, tried, now, grace)


def ask_for_mfa(house: "House", request: HttpRequest, holder: Holder, step: Step) -> HttpResponse:
    """Say which second factors would do."""
    return said(
        {
            "next": step.need,
            "step": sealed(house, step),
            "code": bool(holder.devices_with_codes()),
            "passkey": options_for(request, holder, step.challenge),
            "devices": [
                {"serial": device.serial, "kind": device.kind} for device in holder.devices
            ],
        }
    )


def _ask_for_password(house: "House", holder: Holder, step: Step) -> HttpResponse:
    policy = holder.account.profile.password_policy
    return said(
        {
            "next": step.need,
            "step": sealed(house, step),
            "policy": policy._asdict() if policy else None,
        }
    )


def _ask_to_enrol(
    house: "House", request: HttpRequest, grace: Grace, step: Step, now: datetime
) -> HttpResponse:
    return said(
        {
            "next": step.need,
            "step": sealed(house, step),
            "skip": not grace.over,
            "days_left": grace.days_left(now),
            "console": records.console_of(request),
        }
    )


async def _let_in(
    house: "House",
    request: HttpRequest,
    step: Step,
    tried: Try | None,
    now: datetime,
    grace: Grace | None,
) -> HttpResponse:
    """Open the session, once its record is stored."""
    if not await first_to_open(house, step, now):
        raise over()
    # INVARIANT: what other nodes changed before this moment counts: with the password of a moment
    # ago nobody gets a session that is newer than the change.
    await catch_up(house, step.account)
    identity: Session = await house.writer.write(
        step.account, lambda live: _opened(house, request, step, live, now)
    )
    if grace and grace.ends:
        identity = replace(identity, expires_at=min(identity.expires_at, grace.ends))
    if tried:
        await house.failures.passed(tried, now)
    _note_uses(house, step, now)
    session = replace(new_console_session(identity, WayIn.PASSWORD), id=step.id)
    live = house.accounts.get(step.account)
    body: dict[str, Any] = {
        "next": "done",
        "session": shown(house, session, now),
        "password_expires": _soon(holder_at(house, live, step), now) if live else None,
    }
    return said(body, set_cookie(house, request, session, now))


def _opened(house: "House", request: HttpRequest, step: Step, live: Live, now: datetime) -> Written:
    """The job: look once more, on the account as it is now, and keep the record."""
    holder = holder_at(house, live, step)
    if holder is None or (holder.devices and step.mfa is None):
        raise over()
    serial = step.mfa[0] if step.mfa else None
    row = records.logged_in(request, now, holder, serial)
    random = secrets.token_bytes(KEY_ID_BYTES)
    return Written(live, session_of(holder, now, random, step.mfa), (row,))


def _note_uses(house: "House", step: Step, now: datetime) -> None:
    use = Use(now.replace(microsecond=0), "us-east-1", "signin")
    house.uses.note(step.account, password_id(step.holder), use)
    live = house.accounts.get(step.account)
    device = live.account.mfa_device(step.mfa[0]) if live and step.mfa else None
    if device:
        house.uses.note(step.account, f"mfa/{device.device_id}", use)


async def _taken_back(house: "House", tried: Try | None) -> None:
    """The try was right, and nobody is in yet."""
    if tried:
        await house.failures.passed_half(tried)


async def _locked(
    house: "House", request: HttpRequest, holder: Holder, step: Step, now: datetime
) -> Refused:
    serial = step.mfa[0] if step.mfa else None
    row = records.not_logged_in(
        request, now, holder, mfa_used=serial is not None, mfa_serial=serial
    )
    await keep(house, row)
    return Refused(
        403,
        "PasswordExpired",
        "Your password has expired. Only an administrator can set a new one.",
    )


def _password_state(holder: Holder, now: datetime) -> PasswordState:
    """Root's password never expires."""
    profile = holder.user.login_profile if holder.user else None
    if profile is None:
        return PasswordState.FINE
    return state(holder.account.profile.password_policy, profile, now)


def _soon(holder: Holder | None, now: datetime) -> datetime | None:
    """When the password must be changed, within the days in which AWS warns."""
    profile = holder.user.login_profile if holder and holder.user else None
    if holder is None or profile is None:
        return None
    if _password_state(holder, now) is not PasswordState.WARN:
        return None
    return expires_at(holder.account.profile.password_policy, changed_at(profile))
