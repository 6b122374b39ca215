"""Virtual MFA devices: an authenticator app's secret, shown once."""

from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doorward.account.account import Account
from doorward.account.mfa import MfaDevice, MfaKind, seed_place
from doorward.authn.totp import SEED_BYTES
from doorward.services.call import Call
from doorward.services.iam import shape
from doorward.services.iam.errors import (
    DeleteConflict,
    EntityAlreadyExists,
    LimitExceeded,
    NoSuchEntity,
    ValidationError,
)
from doorward.services.iam.keys import request_tags
from doorward.services.iam.mfa_holders import holder_of_id
from doorward.services.iam.mfa_qr import otpauth, png
from doorward.services.iam.quotas import quota
from doorward.services.iam.tagging import tagged
from doorward.services.paging import page
from doorward.services.registry import Params, Target, anything, operation

LONGEST_SERIAL = 256
"""What EnableMFADevice takes; the model sets no such limit where the device is made."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A new seed, and the picture an app reads it from."""

    seed: bytes = field(repr=False)
    picture: bytes = field(repr=False)


def new_device(call: Call, params: Params) -> Target:
    """The device about to be made."""
    return Target(
        serial_of(call.account, params.get("path", "/"), params["virtual_mfa_device_name"])
    )


def device_of_serial(call: Call, params: Params) -> Target:
    """The device of `SerialNumber`."""
    serial = params["serial_number"]
    found = call.account.mfa_device(serial)
    # A token's number is no ARN, and an ARN is what a decision is about.
    arn = serial if serial.startswith("arn:") else serial_of(call.account, "/", serial)
    return Target(arn, tags=found.tags if found else ())


def serial_of(account: Account, path: str, name: str) -> str:
    """The serial number of a virtual device."""
    return f"arn:aws:iam::{account.id}:mfa{path}{name}"


def new_secret(call: Call, *, virtual_mfa_device_name: str, path: str = "/", **_: Any) -> Secret:
    """Make a seed and draw it; apart from the operation, since drawing takes a while.

    Raises:
        ValidationError: the name is so long that the device could never be enabled.
    """
    room = LONGEST_SERIAL - len(serial_of(call.account, path, ""))
    if len(virtual_mfa_device_name) > room:
        raise ValidationError.mfa_device_name_too_long(max(0, room))
    seed = call.random(SEED_BYTES)
    account = next(iter(call.account.profile.aliases), call.account.id)
    return Secret(seed, png(otpauth(f"{virtual_mfa_device_name}@{account}", seed)))


@operation("iam", on=new_device, keys=(request_tags,), prepare=new_secret)
def create_virtual_mfa_device(
    call: Call,
    *,
    virtual_mfa_device_name: str,
    path: str = "/",
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Make a virtual device that is nobody's yet; its seed is told this once."""
    serial = serial_of(call.account, path, virtual_mfa_device_name)
    if call.account.mfa_device(serial):
        raise EntityAlreadyExists.mfa_device()
    _refuse_over_quota(call)
    secret: Secret = call.prepared
    device = MfaDevice(
        serial=serial,
        kind=MfaKind.VIRTUAL,
        device_id=call.random(16).hex(),
        created=call.now,
        tags=tagged((), tags, case_matters=True),
    )
    call.vault.put(seed_place(device), secret.seed)
    call.update(device)
    return {
        "VirtualMFADevice": {
            "SerialNumber": serial,
            "Base32StringSeed": b32encode(secret.seed),
            "QRCodePNG": secret.picture,
            "Tags": shape.tags(device.tags) or None,
        }
    }


@operation("iam", on=device_of_serial)
def delete_virtual_mfa_device(call: Call, *, serial_number: str) -> None:
    """Delete a virtual device that is nobody's, and its seed."""
    device = virtual_device(call, serial_number)
    if device.holder is not None:
        raise DeleteConflict.mfa_device_in_use()
    call.vault.drop(seed_place(device))
    call.remove([device])


@operation("iam", on=anything, reads=True)
def list_virtual_mfa_devices(
    call: Call,
    *,
    assignment_status: str = "Any",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the account's virtual MFA devices."""
    devices = [
        device
        for device in call.account.all(MfaDevice)
        if device.kind is MfaKind.VIRTUAL and assignment_status in {"Any", _status(device)}
    ]
    shown, rest = page(call, devices, lambda device: device.key, marker=marker, max_items=max_items)
    return {"VirtualMFADevices": [_shown(call, device) for device in shown], **rest}


def virtual_device(call: Call, serial: str) -> MfaDevice:
    """The virtual device of that serial number.

    Raises:
        NoSuchEntity: there is none.
    """
    device = call.account.mfa_device(serial)
    if device is None or device.kind is not MfaKind.VIRTUAL:
        raise NoSuchEntity.mfa_device(serial)
    return device


def _refuse_over_quota(call: Call) -> None:
    """AWS: as many virtual devices, assigned or not, as there may be users; unverified wording."""
    most = quota(call, "UsersQuota")
    virtual = [each for each in call.account.all(MfaDevice) if each.kind is MfaKind.VIRTUAL]
    if len(virtual) >= most:
        raise LimitExceeded.quota("VirtualMFADevicesPerAccount", most)


def _status(device: MfaDevice) -> str:
    return "Unassigned" if device.holder is None else "Assigned"


def _shown(call: Call, device: MfaDevice) -> dict[str, Any]:
    # AWS: neither tags nor seed; of an unassigned device nothing but its serial number.
    if device.holder is None:
        return {"SerialNumber": device.serial}
    return {
        "SerialNumber": device.serial,
        "User": holder_of_id(call, device.holder).user,
        "EnableDate": device.enabled,
    }
