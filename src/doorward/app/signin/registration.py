"""New second factors of one's own: an authenticator app, a passkey; decided by the engine."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from doorward.account.mfa import FidoKey, MfaKind
from doorward.account.session import Session
from doorward.app.signin.acting import performed, traced
from doorward.app.signin.door import Refused
from doorward.app.signin.holder import Holder
from doorward.app.signin.proofs import keys_of, needed_ceremony
from doorward.app.trace import Trace
from doorward.authn.request import HttpRequest
from doorward.authn.webauthn import registered, registration_options
from doorward.services.call import Call
from doorward.services.iam.mfa_fido import add_fido_device
from doorward.services.iam.mfa_holders import holder_target
from doorward.services.iam.mfa_virtual import serial_of
from doorward.services.registry import Context, Operation, Params, Question, operations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from doorward.app.house import House

ROOT_DEVICE = "root-account-mfa-device"
_REGISTER = "iam:RegisterSecurityKey"


async def new_app(
    house: "House",
    request: HttpRequest,
    session: Session,
    holder: Holder,
    name: str | None,
    now: datetime,
) -> dict[str, Any]:
    """A virtual device that is nobody's yet: serial, seed and picture, shown once."""
    chosen = name or _free_name(holder)
    if holder.user is None:
        await _clear(house, request, session, holder, chosen, now)
    made = await performed(
        house,
        request,
        session,
        now,
        "CreateVirtualMFADevice",
        virtual_mfa_device_name=chosen,
    )
    device = made["VirtualMFADevice"]
    return {
        "serial": device["SerialNumber"],
        "seed": device["Base32StringSeed"].decode(),
        "qr_png": b64encode(device["QRCodePNG"]).decode(),
    }


def _free_name(holder: Holder) -> str:
    """The usual name, with a number where the one before is taken: users may not delete it."""
    if holder.user is None:
        return ROOT_DEVICE
    names = (holder.name if n == 1 else f"{holder.name}-{n}" for n in count(1))
    return next(
        name
        for name in names
        if not holder.account.mfa_device(serial_of(holder.account, "/", name))
    )


async def _clear(
    house: "House",
    request: HttpRequest,
    session: Session,
    holder: Holder,
    name: str,
    now: datetime,
) -> None:
    """Remove what an attempt of root's that was given up has left."""
    serial = serial_of(holder.account, "/", name)
    left = holder.account.mfa_device(serial)
    if left and left.holder is None and left.kind is MfaKind.VIRTUAL:
        await performed(
            house, request, session, now, "DeleteVirtualMFADevice", serial_number=serial
        )


def passkey_options(request: HttpRequest, holder: Holder, challenge: str) -> dict[str, Any]:
    """What `navigator.credentials.create()` is given.

    Raises:
        Refused: the browser is at an address, not at a name.
    """
    ceremony = needed_ceremony(request, challenge)
    return registration_options(ceremony, holder.id, holder.label, keys_of(holder))


async def new_passkey(
    house: "House",
    request: HttpRequest,
    session: Session,
    holder: Holder,
    challenge: str,
    name: str,
    answer: Mapping[str, Any],
    now: datetime,
) -> str:
    """Register the key that answered; its serial number.

    Raises:
        NotAuthentic: it proves nothing.
        Refused: it can be synced, and the setting wants keys that cannot.
        AwsError: the engine or AWS's rules refuse it.
    """
    ceremony = needed_ceremony(request, challenge)
    key = await asyncio.to_thread(registered, ceremony, answer, keys_of(holder))
    if key.multi_device and house.settings["signin.device_bound_passkeys"]:
        raise Refused(
            400, "SyncedPasskey", "This passkey can be copied to other devices. Use a security key."
        )
    # The record is that of EnableMFADevice, as AWS's is; the serial is known once it is made.
    params = {"user_name": holder.name}
    trace = traced(house, request, session, now, "EnableMFADevice", params)
    trace.operation = _registering(trace, holder.id, name, key)
    await house.pipeline.perform(trace)
    return str(trace.params["serial_number"])


def _registering(trace: Trace, holder_id: str, name: str, key: FidoKey) -> Operation:
    """AWS has no operation that registers a key; it is decided as EnableMFADevice is."""

    def register(call: Call, *, user_name: str, serial_number: str = "") -> None:  # noqa: ARG001 - given when the account moved on and it is done again
        device = add_fido_device(call, holder_id, name, key)
        trace.params = {"user_name": user_name, "serial_number": device.serial}

    enabling = operations("iam")["enable_mfa_device"]
    return replace(enabling, function=register, keys=(_creates,), also=(_activates,), prepare=None)


def _creates(_call: Call, _params: Params) -> Context:
    return {_REGISTER: "Create"}


def _activates(call: Call, params: Params) -> "Iterable[Question]":
    """AWS: the console asks twice, first to make the key and then to switch it on."""
    target = holder_target(call, params)
    return [Question("iam:EnableMFADevice", target, {_REGISTER: "Activate"})]
