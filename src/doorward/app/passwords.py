"""Passwords as they are kept: argon2id, the name in the vault, and new ones for root."""

import secrets

from argon2 import PasswordHasher

GENERATED_BYTES = 18

# 64 MiB, three passes, four lanes: the first recommendation of RFC 9106 for less memory.
_CHOSEN = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# SPEED: a generated password has 144 bits; no cost makes guessing it harder. 2 ms, not 200.
_GENERATED = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def hashed(password: str) -> bytes:
    """The hash of a password that somebody chose."""
    return _CHOSEN.hash(password).encode()


def generated() -> tuple[str, bytes]:
    """A new password of 24 characters, and its hash."""
    password = secrets.token_urlsafe(GENERATED_BYTES)
    return password, _GENERATED.hash(password).encode()
