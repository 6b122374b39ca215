"""Secrets at rest: AES-256-GCM-SIV under a master key that is kept elsewhere.

A sealed value is one byte of format (1), eight of key id, twelve of nonce, then the ciphertext
with its tag. The header and the value's place are authenticated: sealed bytes moved to another
row, account or setting do not open.
"""

import os
from dataclasses import dataclass, replace
from hashlib import sha256
from time import monotonic
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from doorward.store.errors import SealBroken

FORMAT = b"\x01"
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12
HEADER_BYTES = 1 + ID_BYTES
SHORTEST = HEADER_BYTES + NONCE_BYTES + 16
RELOAD_S = 5.0

State = Literal["current", "readable", "retired"]


def key_id(key: bytes) -> str:
    """Name a key by its digest, so that the same key has the same name wherever it comes from."""
    return sha256(b"doorward master key" + key).hexdigest()[: 2 * ID_BYTES]


def row_place(account: str, kind: str, key: str) -> bytes:
    """Return the associated data that binds a sealed body to its row."""
    return f"row\0{account}\0{kind}\0{key}".encode()


def setting_place(name: str) -> bytes:
    """Return the associated data that binds a sealed value to its setting."""
    return f"setting\0{name}".encode()


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One key of 32 bytes.

    Attributes:
        state: "current" seals and opens; "readable" still has values to be sealed anew;
            "retired" has none left, and is kept for backups and nodes that were slow.
        created: When it was made, text; "" where the source does not say.
    """

    key: bytes
    state: State = "current"
    created: str = ""

    @property
    def id(self) -> str:
        """The key's name, 16 hexadecimal digits."""
        return key_id(self.key)

    def __repr__(self) -> str:
        return f"MasterKey(id={self.id!r}, state={self.state!r})"


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The keys there are; exactly one is current."""

    keys: tuple[MasterKey, ...]

    def __post_init__(self) -> None:
        if sum(key.state == "current" for key in self.keys) != 1:
            raise ValueError("exactly one key must be current")
        if any(len(key.key) != KEY_BYTES for key in self.keys):
            raise ValueError(f"a key has {KEY_BYTES} bytes")

    @classmethod
    def fresh(cls, created: str = "") -> "MasterKeys":
        """Make a set of one new key."""
        return cls((MasterKey(os.urandom(KEY_BYTES), "current", created),))

    @property
    def current(self) -> MasterKey:
        """The key that seals."""
        return next(key for key in self.keys if key.state == "current")

    @property
    def is_rotating(self) -> bool:
        """Whether a rotation was begun and has not ended."""
        return any(key.state == "readable" for key in self.keys)

    def with_fresh(self, created: str = "") -> "MasterKeys":
        """Add a new current key; the one before stays readable."""
        older = (
            replace(key, state="readable") if key.state == "current" else key for key in self.keys
        )
        return MasterKeys((*older, *MasterKeys.fresh(created).keys))

    def with_others_retired(self) -> "MasterKeys":
        """Mark every key but the current one as having nothing left to open."""
        return MasterKeys(
            tuple(
                key if key.state == "current" else replace(key, state="retired")
                for key in self.keys
            )
        )


class KeySource(Protocol):
    """A place master keys are read from."""

    @property
    def where(self) -> str:
        """The place, in words for the operator; never the key."""
        ...

    def load(self) -> MasterKeys:
        """Read the keys.

        Raises:
            KeyMissing: there are none.
            KeyWrong: what is there is no key.
            KeyExposed: others may read them.
        """
        ...


class Sealer:
    """Seals and opens; safe for any thread.

    Args:
        keys: The keys to begin with.
        source: Asked for newer keys when a value names a key not known here, because another
            node may have rotated; at most once in `RELOAD_S`.
    """

    def __init__(self, keys: MasterKeys, source: KeySource | None = None) -> None:
        self.source = source
        self._reloaded = -RELOAD_S
        self.adopt(keys)

    def adopt(self, keys: MasterKeys) -> None:
        """Use these keys from now on."""
        ciphers = {bytes.fromhex(key.id): AESGCMSIV(key.key) for key in keys.keys}
        # INVARIANT: one assignment, so that no thread sees the keys of one set with another's.
        self._state = (keys, bytes.fromhex(keys.current.id), ciphers)

    @property
    def keys(self) -> MasterKeys:
        """The keys in use."""
        return self._state[0]

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Seal under the current key; `aad` says where the value belongs (see `row_place`)."""
        _, current, ciphers = self._state
        header = FORMAT + current
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + ciphers[current].encrypt(nonce, plain, header + aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Open what was sealed for this place.

        Raises:
            SealBroken: altered, moved, of a key not known here, or no sealed value at all.
        """
        if len(sealed) < SHORTEST or sealed[:1] != FORMAT:
            raise SealBroken("This is no sealed value.")
        header, nonce = sealed[:HEADER_BYTES], sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        try:
            return self._cipher(header[1:]).decrypt(
                nonce, sealed[HEADER_BYTES + NONCE_BYTES :], header + aad
            )
        except InvalidTag:
            raise SealBroken("A sealed value was altered, or moved to another place.") from None

    def is_current(self, sealed: bytes) -> bool:
        """Say whether the value is sealed under the current key."""
        return sealed[:HEADER_BYTES] == FORMAT + self._state[1]

    def _cipher(self, name: bytes) -> AESGCMSIV:
        if name not in self._state[2]:
            self._reload()
        cipher = self._state[2].get(name)
        if cipher is None:
            raise SealBroken(f"Sealed with master key {name.hex()}, which is not among the keys.")
        return cipher

    def _reload(self) -> None:
        # The name is read from bytes that may be forged: a command must not run for each.
        if self.source is None or monotonic() < self._reloaded + RELOAD_S:
            return
        self._reloaded = monotonic()
        self.adopt(self.source.load())
