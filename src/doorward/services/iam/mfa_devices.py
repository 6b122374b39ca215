"""MFA devices in use: enabling, resynchronising, deactivating, listing."""

from dataclasses import replace
from typing import Any, NamedTuple

from doorward.account.mfa import MfaDevice, MfaKind, seed_place
from doorward.authn.totp import step_at, step_of_pair
from doorward.services.call import Call
from doorward.services.iam import root_notices
from doorward.services.iam.errors import (
    EntityAlreadyExists,
    InvalidAuthenticationCode,
    NoSuchEntity,
    ValidationError,
)
from doorward.services.iam.mfa_holders import (
    Holder,
    device_held,
    holder_named,
    holder_target,
    refuse_one_too_many,
    refuse_without_mfa,
)
from doorward.services.paging import page
from doorward.services.registry import operation


class Search(NamedTuple):
    """Where two codes were looked for, and the later one's step; None when they were not found."""

    device: MfaDevice
    step: int | None


def searched(
    call: Call,
    *,
    serial_number: str,
    authentication_code1: str,
    authentication_code2: str,
    **_: Any,
) -> Search | None:
    """Look for the codes, in two thousand steps; so in a thread, beside other calls."""
    device = call.account.mfa_device(serial_number)
    return _search(call, device, (authentication_code1, authentication_code2)) if device else None


@operation("iam", on=holder_target, prepare=searched)
def enable_mfa_device(
    call: Call,
    *,
    user_name: str,
    serial_number: str,
    authentication_code1: str,
    authentication_code2: str,
) -> None:
    """Assign a device to a user who shows two consecutive codes of it."""
    holder = holder_named(call, user_name)
    refuse_without_mfa(call, holder)
    device = call.account.mfa_device(serial_number)
    if device is None:
        raise NoSuchEntity.mfa_device(serial_number)
    if device.holder is not None:
        raise _already_held(device, holder)
    refuse_one_too_many(call, holder)
    synchronised = _synchronised(call, device, (authentication_code1, authentication_code2))
    call.update(replace(synchronised, holder=holder.id, enabled=call.now))
    if holder.is_root:
        root_notices.mfa_added(call, device)


@operation("iam", on=holder_target, prepare=searched)
def resync_mfa_device(
    call: Call,
    *,
    user_name: str,
    serial_number: str,
    authentication_code1: str,
    authentication_code2: str,
) -> None:
    """Learn anew how far a device's clock is off, from two consecutive codes."""
    device = device_held(call, holder_named(call, user_name), serial_number)
    call.update(_synchronised(call, device, (authentication_code1, authentication_code2)))


@operation("iam", on=holder_target)
def deactivate_mfa_device(call: Call, *, serial_number: str, user_name: str | None = None) -> None:
    """Take a device from its user; what was learnt of it stays with it, a security key goes."""
    holder = holder_named(call, user_name)
    refuse_without_mfa(call, holder)
    device = device_held(call, holder, serial_number)
    if device.kind is MfaKind.FIDO:
        call.remove([device])
    else:
        call.update(replace(device, holder=None, enabled=None))
    if holder.is_root:
        root_notices.mfa_removed(call, device)


@operation("iam", on=holder_target, reads=True)
def list_mfa_devices(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a user's MFA devices; the root user's when root asks for none by name."""
    holder = holder_named(call, user_name)
    devices = call.account.mfa_devices_of(holder.id)
    shown, rest = page(call, devices, lambda device: device.key, marker=marker, max_items=max_items)
    return {"MFADevices": [_shown(holder, device) for device in shown], **rest}


@operation("iam", on=holder_target, reads=True)
def get_mfa_device(
    call: Call, *, serial_number: str, user_name: str | None = None
) -> dict[str, Any]:
    """Return a security key; no other device is shown by this operation."""
    holder = holder_named(call, user_name)
    if not serial_number.startswith(f"arn:aws:iam::{call.account.id}:u2f/"):
        raise ValidationError.no_security_key()
    return _shown(holder, device_held(call, holder, serial_number))


def _synchronised(call: Call, device: MfaDevice, codes: tuple[str, str]) -> MfaDevice:
    """The device as two consecutive codes show its clock.

    Raises:
        InvalidAuthenticationCode: they are not that, or not newer than the last pair.
    """
    search: Search | None = call.prepared
    # The device may have changed since: its codes are looked for around what was learnt of it.
    if search is None or search.device != device:
        search = _search(call, device, codes)
    if search.step is None:
        raise InvalidAuthenticationCode.of_device()
    return replace(device, steps_off=search.step - step_at(call.now), last_pair=search.step)


def _search(call: Call, device: MfaDevice, codes: tuple[str, str]) -> Search:
    seed = call.vault.get(seed_place(device))
    if seed is None:
        return Search(device, None)
    step = step_of_pair(seed, codes, call.now, device.steps_off, device.last_pair)
    return Search(device, step)


def _already_held(device: MfaDevice, holder: Holder) -> EntityAlreadyExists:
    if device.holder == holder.id:
        return EntityAlreadyExists.mfa_device_of_user(holder.name)
    return EntityAlreadyExists.mfa_device_in_use()


def _shown(holder: Holder, device: MfaDevice) -> dict[str, Any]:
    return {
        "UserName": holder.name,
        "SerialNumber": device.serial,
        "EnableDate": device.enabled,
    }
