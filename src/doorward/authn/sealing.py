"""Text that only we can write and read: session tokens, page markers, encoded messages.

A sealed text is base64 of: version (1 byte), key number (4), nonce (12), ciphertext and tag.
What it is for is bound in, so that a page marker is no session token.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

MAX_SEALED_CHARS = 16_384
"""Longer ones are not looked at: no HTTP header of ours may be longer."""

KEY_BYTES = 32
NONCE_BYTES = 12

_HEADER = struct.Struct(">BI")
_VERSION = 1
_START = _HEADER.size + NONCE_BYTES
_WORTH_DEFLATING = 256
_PLAIN, _DEFLATED = b"\0", b"\1"


class KeyRing:
    """Numbered AES-256-GCM-SIV keys: the current one seals, all of them unseal."""

    __slots__ = ("_ciphers", "current", "sealing")

    def __init__(self, keys: Mapping[int, bytes], current: int) -> None:
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise ValueError(f"sealing keys are {KEY_BYTES} bytes long")
        if current not in keys:
            raise ValueError(f"the key ring has no key {current}")
        self._ciphers = {number: AESGCMSIV(key) for number, key in keys.items()}
        self.current = current
        self.sealing = self._ciphers[current]

    def cipher(self, number: int) -> AESGCMSIV | None:
        """The cipher of that number, None when it was retired or never ours."""
        return self._ciphers.get(number)


def seal_text(kind: str, payload: bytes, ring: KeyRing, nonce: bytes) -> str:
    """Seal a payload for one kind of use.

    Args:
        kind: What it is for, as in `session`; unsealing needs the same word.
        payload: Any bytes.
        ring: Its current key is used.
        nonce: Twelve random bytes.
    """
    header = _HEADER.pack(_VERSION, ring.current)
    sealed = ring.sealing.encrypt(nonce, _packed(payload), header + kind.encode())
    return base64.b64encode(header + nonce + sealed).decode()


def unseal_text(kind: str, text: str, ring: KeyRing) -> bytes | None:
    """The payload, or None for whatever was not sealed by this ring for this kind."""
    raw = _decoded(text)
    if raw is None or len(raw) < _START:
        return None
    version, number = _HEADER.unpack_from(raw)
    cipher = ring.cipher(number)
    if version != _VERSION or cipher is None:
        return None
    nonce, sealed = raw[_HEADER.size : _START], raw[_START:]
    try:
        packed = cipher.decrypt(nonce, sealed, raw[: _HEADER.size] + kind.encode())
    except InvalidTag:
        return None
    return zlib.decompress(packed[1:]) if packed[:1] == _DEFLATED else packed[1:]


def _packed(payload: bytes) -> bytes:
    if len(payload) < _WORTH_DEFLATING:
        return _PLAIN + payload
    return min(_PLAIN + payload, _DEFLATED + zlib.compress(payload), key=len)


def _decoded(text: str) -> bytes | None:
    if len(text) > MAX_SEALED_CHARS:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # INVARIANT: one text per token. base64 ignores spare bits in the last character, which
    # would give a token several spellings.
    return raw if base64.b64encode(raw).decode() == text else None
