"""Keys derived from a secret for one day, region and service, and a bounded memory of them."""

import hmac

DUMMY_KEY = bytes(32)
"""Verify against this when the key is unknown, so that time does not tell which keys exist."""


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """Derive the key that signs for one day, region and service. Source: SigV4."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(errors="replace"), "sha256")
    return key


class SigningKeys:
    """Derived keys, the least recently used forgotten first."""

    __slots__ = ("_capacity", "_keys")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._keys: dict[tuple[str, str, str, str], tuple[str, bytes]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, access_key_id: str, secret: str, date: str, region: str, service: str) -> bytes:
        """The derived key; one made from another secret of the same key id is not returned."""
        scope = (access_key_id, date, region, service)
        held = self._keys.pop(scope, None)
        if held is None or held[0] != secret:
            held = secret, signing_key(secret, date, region, service)
        self._keys[scope] = held
        if len(self._keys) > self._capacity:
            self._keys.pop(next(iter(self._keys)), None)
        return held[1]

    def forget(self, access_key_id: str) -> None:
        """Drop what was derived for a key that is deleted, deactivated or replaced."""
        self._keys = {
            scope: held for scope, held in self._keys.items() if scope[0] != access_key_id
        }
