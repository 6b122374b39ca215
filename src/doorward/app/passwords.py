"""New passwords that the house itself sets: those of a seed, and generated ones for root."""

import secrets

from doorward.authn.passwords import Cost, keep

GENERATED_BYTES = 18
_SALT_BYTES = 16
# SPEED: a generated password has 144 bits; no cost makes guessing it harder. 2 ms, not 200.
_GENERATED = Cost(memory_kib=1024, time_cost=1, lanes=1)


def hashed(password: str) -> bytes:
    """What to keep of a password that somebody chose."""
    return keep(password, secrets.token_bytes(_SALT_BYTES))


def generated() -> tuple[str, bytes]:
    """A new password of 24 characters, and what to keep of it."""
    password = secrets.token_urlsafe(GENERATED_BYTES)
    return password, keep(password, secrets.token_bytes(_SALT_BYTES), _GENERATED)
