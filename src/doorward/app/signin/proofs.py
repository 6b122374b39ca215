"""Second factors: which of a holder's devices was shown, by its code or by a security key."""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from doorward.account.caller import Caller
from doorward.account.mfa import FidoKey, MfaDevice, seed_place
from doorward.app.codes import used_mark
from doorward.app.guard import host_name
from doorward.app.live import Live
from doorward.app.signin.acting import call_of
from doorward.app.signin.door import Refused
from doorward.app.signin.holder import Holder
from doorward.app.signin.records import origin_of
from doorward.app.vault import AccountVault
from doorward.app.writer import Written
from doorward.authn.request import HttpRequest
from doorward.authn.totp import step_of_use
from doorward.authn.webauthn import Ceremony, authenticated, authentication_options
from doorward.errors import AwsError, NotAuthentic
from doorward.services.iam.mfa_fido import used

if TYPE_CHECKING:
    from doorward.app.house import House


async def device_of_code(
    house: "House", live: Live, holder: Holder, code: str, now: datetime
) -> MfaDevice | None:
    """The device that shows this code now, for the first time; None when none does."""
    vault = AccountVault(live, house.sealer)
    for device in holder.devices_with_codes():
        seed = vault.get(seed_place(device))
        step = None if seed is None else step_of_use(seed, code, now, device.steps_off)
        # INVARIANT: the marks are those of STS: a code used there opens nothing here, nor the
        # other way round.
        if step is not None and await house.tallies.first(used_mark(device, step)):
            return device
    return None


def ceremony_of(request: HttpRequest, challenge: str) -> Ceremony | None:
    """The site as the browser sees it; None where it has no name, so that no key can know it."""
    rp_id = host_name(request)
    if not rp_id or _is_address(rp_id):
        return None
    raw = urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
    return Ceremony(raw, rp_id, origin_of(request))


def needed_ceremony(request: HttpRequest, challenge: str) -> Ceremony:
    """The same where there is no other way.

    Raises:
        Refused: passkeys belong to names.
    """
    ceremony = ceremony_of(request, challenge)
    if ceremony is None:
        raise Refused(
            400,
            "NoNameForPasskeys",
            "Passkeys belong to a name, not to an address: open http://localhost instead of"
            " http://127.0.0.1.",
        )
    return ceremony


def options_for(request: HttpRequest, holder: Holder, challenge: str) -> Mapping[str, Any] | None:
    """What `navigator.credentials.get()` is given; None when no key of the holder's fits here."""
    ceremony = ceremony_of(request, challenge)
    if ceremony is None or not any(key.rp_id == ceremony.rp_id for key in keys_of(holder)):
        return None
    return authentication_options(ceremony, keys_of(holder))


async def device_of_key(
    house: "House",
    ceremony: Ceremony,
    caller: Caller,
    holder: Holder,
    answer: Mapping[str, Any],
    now: datetime,
) -> MfaDevice | None:
    """The device of the security key that answered; None when it proves nothing."""
    try:
        shown = await asyncio.to_thread(authenticated, ceremony, answer, keys_of(holder))
    except NotAuthentic:
        return None
    device = next(each for each in holder.devices if each.fido == shown.key)

    def job(live: Live) -> Written:
        call, vault = call_of(house, live, caller, now)
        used(call, device, shown.sign_count, shown.backed_up)
        return Written(replace(vault.live, account=call.account), None, ())

    try:
        # INVARIANT: of a key and its copy only one comes in, on whichever nodes they are shown.
        await house.writer.write(holder.account.id, job)
    except AwsError:
        return None
    return device


def keys_of(holder: Holder) -> list[FidoKey]:
    """Its security keys."""
    return [device.fido for device in holder.devices if device.fido]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
