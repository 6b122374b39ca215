"""Hardware tokens of an account: their seeds come from whoever sold them, and go with them."""

from typing import Any

import msgspec

from doorward.account.mfa import MfaDevice, MfaKind, seed_place
from doorward.app.drafts import Drafts
from doorward.services.call import Call
from doorward.services.iam.errors import DeleteConflict, NoSuchEntity

Answer = dict[str, Any]
Seeds = list[tuple[str, str]]


def as_text(seeds: Seeds) -> str:
    """Serial numbers and seeds in hex, as an order takes them in."""
    return msgspec.json.encode(seeds).decode()


def taken_in(drafts: Drafts, account_id: str, text: str) -> Answer:
    """Keep tokens that can be enabled from now on; one that is there is left as it is."""
    call = drafts.call(account_id)
    seeds = msgspec.json.decode(text, type=Seeds)
    said = [_taken_in(call, serial, bytes.fromhex(seed)) for serial, seed in seeds]
    return {"account": account_id, "done": said}


def _taken_in(call: Call, serial: str, seed: bytes) -> str:
    # INVARIANT: an import never changes a seed, or it would be a way into somebody's second factor.
    if call.account.mfa_device(serial):
        return f"left {serial} as it was"
    device = MfaDevice(
        serial=serial,
        kind=MfaKind.HARDWARE,
        device_id=call.random(16).hex(),
        created=call.now,
    )
    call.vault.put(seed_place(device), seed)
    call.update(device)
    return f"imported {serial}"


def forgotten(drafts: Drafts, account_id: str, serial: str) -> Answer:
    """Forget a token that nobody has, as when it is lost or its seed was wrong.

    Raises:
        NoSuchEntity: there is no such token.
        DeleteConflict: somebody has it.
    """
    call = drafts.call(account_id)
    device = call.account.mfa_device(serial)
    if device is None or device.kind is not MfaKind.HARDWARE:
        raise NoSuchEntity.mfa_device(serial)
    if device.holder is not None:
        raise DeleteConflict.mfa_device_in_use()
    call.vault.drop(seed_place(device))
    call.remove([device])
    return {"account": account_id, "done": [f"forgot {device.serial}"]}
