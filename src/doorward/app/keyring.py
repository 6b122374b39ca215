"""The keys that seal session tokens: made at the first start, shared by nodes."""

import secrets
from base64 import b64decode, b64encode

import msgspec

from doorward.authn.sealing import KEY_BYTES, KeyRing
from doorward.store.sealed import Sealer
from doorward.store.unit import Store

SETTING = "session-keys"
PLACE = b"setting\0session-keys"


def open_ring(store: Store, sealer: Sealer) -> KeyRing:
    """The ring of this Doorward; whoever comes first makes it."""
    while True:
        stored = store.get_setting(SETTING)
        if stored is not None:
            return _ring(sealer.unseal(stored, PLACE))
        fresh = msgspec.json.encode(
            {"current": 1, "keys": {"1": b64encode(secrets.token_bytes(KEY_BYTES)).decode()}}
        )
        store.put_setting(SETTING, sealer.seal(fresh, PLACE), None)


def _ring(text: bytes) -> KeyRing:
    kept = msgspec.json.decode(text)
    keys = {int(number): b64decode(key) for number, key in kept["keys"].items()}
    return KeyRing(keys, kept["current"])
