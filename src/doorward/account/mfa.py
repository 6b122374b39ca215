"""MFA devices of users and of the root user; their seeds are in the vault."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from doorward.account.tags import Tag


class MfaKind(StrEnum):
    """What a device is; in the order of their strength against phishing, the weakest first."""

    VIRTUAL = "virtual"
    HARDWARE = "hardware"
    FIDO = "fido"


@dataclass(frozen=True, slots=True, kw_only=True)
class FidoKey:
    """The public half of a security key or passkey, as registered. Source: WebAuthn level 3.

    Attributes:
        credential_id: As the authenticator chose it, base64url without padding.
        public_key: COSE, base64url without padding.
        sign_count: The highest counter seen; 0 where the authenticator keeps none.
        aaguid: The model of the authenticator.
        multi_device: The credential may be synced (backup eligible).
        backed_up: It is synced now.
        transports: `usb`, `internal`, ...
        rp_id: The host it was registered for.
    """

    credential_id: str
    public_key: str
    sign_count: int = 0
    aaguid: str = ""
    multi_device: bool = False
    backed_up: bool = False
    transports: tuple[str, ...] = ()
    rp_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaDevice:
    """A second factor, assigned to a user, to root, or to nobody yet.

    Attributes:
        serial: What AWS calls its serial number: `arn:aws:iam::A:mfa/NAME`, `...:u2f/user/NAME/...`
            or that of a token such as `GAHT12345678`.
        device_id: Unlike the serial never used again; names its seed in the vault.
        holder: The user's unique id, the account's id for root, None when unassigned.
        enabled: When it was assigned.
        steps_off: How many steps of 30 s its clock is ahead, learnt at enabling and resync.
        last_pair: The later step of the last pair of codes accepted there.
        fido: Of a FIDO device.
    """

    serial: str
    kind: MfaKind
    device_id: str
    created: datetime
    holder: str | None = None
    enabled: datetime | None = None
    steps_off: int = 0
    last_pair: int | None = None
    tags: tuple[Tag, ...] = ()
    fido: FidoKey | None = None

    @property
    def key(self) -> str:
        """The serial, its case folded."""
        return self.serial.lower()

    @property
    def resource(self) -> str:
        """The last part of the ARN; a token's serial is none."""
        return self.serial.split(":", 5)[-1]

    @property
    def ids(self) -> tuple[str, ...]:
        """A device is found by its serial alone."""
        return ()


def seed_place(device: MfaDevice) -> str:
    """The name in the vault of a device's seed."""
    return f"mfa-seed/{device.device_id}"
