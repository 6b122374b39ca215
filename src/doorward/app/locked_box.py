"""Bytes under a passphrase: scrypt makes the key, AES-256-GCM locks."""

import os
from base64 import b64decode, b64encode

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

# 64 MiB a guess. Source: RFC 7914, section 2.
COST, BLOCK, LANES = 1 << 16, 8, 1
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class CannotUnlock(Exception):  # noqa: N818 - a verdict's name
    """Another passphrase, or the box was altered."""


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A locked box as JSON; bytes are base64."""

    kdf: str
    salt: str
    nonce: str
    content: str


KDF = f"scrypt-{COST}-{BLOCK}-{LANES}"


def locked(content: bytes, passphrase: str, label: str) -> dict[str, str]:
    """Lock; the label is not kept, and the same is needed to unlock."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, content, label.encode())
    return {
        "kdf": KDF,
        "salt": b64encode(salt).decode(),
        "nonce": b64encode(nonce).decode(),
        "content": b64encode(sealed).decode(),
    }


def unlocked(box: object, passphrase: str, label: str) -> bytes:
    """Open a box.

    Raises:
        CannotUnlock: says no more than that it does not open.
    """
    try:
        read = msgspec.convert(box, Box)
        salt, nonce, content = (b64decode(each) for each in (read.salt, read.nonce, read.content))
        if read.kdf != KDF:
            raise CannotUnlock(f"the key derivation {read.kdf} is not known here")
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, content, label.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotUnlock("another passphrase, or the file was altered") from error


def _key(passphrase: str, salt: bytes) -> bytes:
    scrypt = Scrypt(salt=salt, length=KEY_BYTES, n=COST, r=BLOCK, p=LANES)
    return scrypt.derive(passphrase.encode())
