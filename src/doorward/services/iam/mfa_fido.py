"""Security keys and passkeys as MFA devices; AWS has no operation that registers one.

The console proves them (`authn.webauthn`) and keeps them here.
"""

import re
from base64 import b32encode
from dataclasses import replace

from doorward.account.mfa import FidoKey, MfaDevice, MfaKind
from doorward.services.call import Call
from doorward.services.iam import root_notices
from doorward.services.iam.errors import (
    AccessDenied,
    EntityAlreadyExists,
    NoSuchEntity,
    ValidationError,
)
from doorward.services.iam.mfa_holders import (
    holder_of_id,
    refuse_one_too_many,
    refuse_without_mfa,
)

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}")
_SUFFIX = 26


def add_fido_device(call: Call, holder: str, name: str, key: FidoKey) -> MfaDevice:
    """Assign a key that has proven itself.

    Args:
        call: Its account gets the device.
        holder: The user's unique id, or the account id for root.
        name: As the user calls it.
        key: As `authn.webauthn.registered` returned it.

    Raises:
        ValidationError: no name for a device.
        AccessDenied: the caller adds to its own devices without having shown one.
        EntityAlreadyExists: the holder has a key of that name, or somebody this very key.
        LimitExceeded: it would be the ninth device.
    """
    if not _NAME.fullmatch(name):
        raise ValidationError.mfa_device_name()
    whose = holder_of_id(call, holder)
    refuse_without_mfa(call, whose)
    _refuse_taken(call, holder, name, key)
    refuse_one_too_many(call, whose)
    suffix = b32encode(call.random(20)).decode()[:_SUFFIX]
    device = MfaDevice(
        serial=f"arn:aws:iam::{call.account.id}:u2f/{whose.place}/{name}-{suffix}",
        kind=MfaKind.FIDO,
        device_id=call.random(16).hex(),
        created=call.now,
        holder=holder,
        enabled=call.now,
        fido=key,
    )
    call.update(device)
    if whose.is_root:
        root_notices.mfa_added(call, device)
    return device


def used(call: Call, device: MfaDevice, sign_count: int, backed_up: bool) -> None:
    """Keep what a key said when it was shown.

    Raises:
        NoSuchEntity: the device has gone since.
        AccessDenied: its counter has moved on since, so this was shown twice or by a copy.
    """
    now = call.account.mfa_device(device.serial)
    if now is None or now.fido is None or now.device_id != device.device_id:
        raise NoSuchEntity.mfa_device_of_user()
    counted = now.fido.sign_count
    if (sign_count or counted) and sign_count <= counted:
        raise AccessDenied.copied_key()
    call.update(replace(now, fido=replace(now.fido, sign_count=sign_count, backed_up=backed_up)))


def _refuse_taken(call: Call, holder: str, name: str, key: FidoKey) -> None:
    for device in call.account.all(MfaDevice):
        if device.fido and device.fido.credential_id == key.credential_id:
            raise EntityAlreadyExists.mfa_device()
        if device.holder == holder and _name_of(device).lower() == name.lower():
            raise EntityAlreadyExists.mfa_device()


def _name_of(device: MfaDevice) -> str:
    name = device.serial.rpartition("/")[2]
    return name[: -_SUFFIX - 1] if device.kind is MfaKind.FIDO else name
