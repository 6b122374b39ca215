"""The records of a sign-in, ready for the store."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from doorward.account.mfa import MfaDevice, MfaKind
from doorward.app.ids import time_ordered_id
from doorward.app.signin.holder import Holder
from doorward.authn.request import HttpRequest
from doorward.store.unit import RecordRow
from doorward.trail import signin
from doorward.trail.record import index

_MFA_TYPES = {
    MfaKind.VIRTUAL: "Virtual MFA",
    MfaKind.HARDWARE: "Hardware MFA",
    MfaKind.FIDO: "U2F MFA",
}


def record(
    request: HttpRequest,
    now: datetime,
    name: str,
    account: str,
    identity: Mapping[str, Any],
    *,
    error: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> RecordRow:
    """The row of one event of signin.amazonaws.com; see `trail.signin.sign_in_event`."""
    made = signin.sign_in_event(
        name,
        identity=identity,
        account=account,
        at=now,
        event_id=time_ordered_id(now),
        source_ip=request.source,
        user_agent=request.header("user-agent"),
        error=error,
        details=details,
    )
    found = index(made)
    return RecordRow(
        account=account,
        at=int(now.timestamp() * 1000),
        event_id=made["eventID"],
        event_name=name,
        event_source=signin.SOURCE,
        username=found.username,
        access_key_id=found.access_key_id,
        read_only=False,
        resources=(),
        request_id="",
        body=msgspec.json.encode(made),
    )


def logged_in(
    request: HttpRequest, now: datetime, holder: Holder, mfa_serial: str | None
) -> RecordRow:
    """Somebody is in."""
    details = signin.login_details(console_of(request), mfa_serial, mfa_used=mfa_serial is not None)
    return record(request, now, "ConsoleLogin", holder.account.id, inside(holder), details=details)


def not_logged_in(
    request: HttpRequest,
    now: datetime,
    holder: Holder,
    *,
    mfa_used: bool,
    mfa_serial: str | None = None,
) -> RecordRow:
    """Somebody who is there was not let in."""
    details = signin.login_details(console_of(request), mfa_serial, mfa_used=mfa_used)
    return record(
        request,
        now,
        "ConsoleLogin",
        holder.account.id,
        outside(holder),
        error=signin.FAILED,
        details=details,
    )


def unknown_not_logged_in(
    request: HttpRequest, now: datetime, account: str | None, main_account: str
) -> RecordRow:
    """Nobody of that name was let in; of an account that is not there the main one is told."""
    identity = signin.unknown_user(account) if account else signin.nobody()
    return record(
        request,
        now,
        "ConsoleLogin",
        account or main_account,
        identity,
        error=signin.UNKNOWN_USER if account else signin.FAILED,
        details=signin.login_details(console_of(request), None, mfa_used=False),
    )


def asked_for_mfa(request: HttpRequest, now: datetime, holder: Holder) -> RecordRow:
    """The password was right, and a second factor is asked for."""
    return record(
        request,
        now,
        "CheckMfa",
        holder.account.id,
        outside(holder),
        details=_mfa_type(holder.devices),
    )


def mfa_checked_again(
    request: HttpRequest,
    now: datetime,
    holder: Holder,
    devices: Sequence[MfaDevice],
    error: str | None = None,
) -> RecordRow:
    """Somebody who is in showed a second factor again, or tried to."""
    return record(
        request,
        now,
        "CheckMfa",
        holder.account.id,
        inside(holder),
        error=error,
        details=_mfa_type(devices),
    )


def inside(holder: Holder) -> signin.Identity:
    """Who is in."""
    if holder.user is None:
        return signin.root(holder.account.id, _alias(holder))
    return signin.user(holder.account.id, holder.id, holder.name, holder.arn)


def outside(holder: Holder) -> signin.Identity:
    """Who knocks."""
    if holder.user is None:
        return signin.root(holder.account.id, _alias(holder))
    return signin.user_outside(holder.account.id, holder.id, holder.name)


def console_of(request: HttpRequest) -> str:
    """The address of the console as the browser knows it."""
    return f"{origin_of(request)}/console/"


def origin_of(request: HttpRequest) -> str:
    """Scheme and authority the browser reached us by."""
    scheme = "https" if request.secure else "http"
    return f"{scheme}://{request.header('host') or 'localhost'}"


def _mfa_type(devices: Sequence[MfaDevice]) -> dict[str, str]:
    several = len(devices) > 1
    return {"MfaType": "Multiple MFA Devices" if several else _MFA_TYPES[devices[0].kind]}


def _alias(holder: Holder) -> str | None:
    return next(iter(holder.account.profile.aliases), None)
