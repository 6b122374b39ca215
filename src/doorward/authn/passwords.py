"""Passwords as they are kept: argon2id hashes of the current one and of those before it.

What is kept is one text, sealed by the vault: JSON with the PHC string of the current password
and those of its predecessors, newest first. They share a salt, so that one run of argon2 compares
a password with all of them. A password is taken as given: no normalisation, no trimming.

Source: RFC 9106; the PHC string format.
"""

import json
from base64 import b64decode
from dataclasses import dataclass
from hmac import compare_digest
from typing import NamedTuple

LONGEST = 128
"""Characters. What is longer is no password, and is never hashed."""
MOST_BEFORE = 24
"""AWS: PasswordReusePrevention is 24 at most."""

_HASH_BYTES = 32
_NO_SALT = bytes(16)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of argon2id takes; the default is the second choice of RFC 9106, section 4."""

    memory_kib: int = 64 * 1024
    time_cost: int = 3
    lanes: int = 4


USUAL = Cost()


class Successor(NamedTuple):
    """What to keep after a change of password.

    Attributes:
        kept: The new record.
        used: Which of the passwords before it is the same: 0 the current one, 1 the one before
            that, and so on; None: it is new.
    """

    kept: bytes
    used: int | None


class _Record(NamedTuple):
    current: str
    history: tuple[str, ...] = ()


def keep(password: str, salt: bytes, cost: Cost = USUAL) -> bytes:
    """The record of a first password. `salt` is 16 random bytes; 128 characters at most."""
    return _written(_Record(_hashed(password, salt, cost)))


def matches(kept: bytes | None, password: str, cost: Cost = USUAL) -> bool:
    """Whether this is the current password of the record; without a record it takes as long."""
    if kept is None or len(password) > LONGEST:
        _hashed("", _NO_SALT, cost)
        return False
    current = _read(kept).current
    same = _same(_hashed(password, *_made_with(current)), current)
    if outdated(kept, cost):
        # INVARIANT: nobody learns from the time whether there is a password. One that was made
        # cheaply (generated ones are) takes a full run as well, until it is upgraded.
        _hashed("", _NO_SALT, cost)
    return same


def outdated(kept: bytes, cost: Cost = USUAL) -> bool:
    """Whether the current password's hash was made at another cost than is asked for now."""
    return _made_with(_read(kept).current)[1] != cost


def upgraded(kept: bytes, password: str, cost: Cost = USUAL) -> bytes:
    """The record with the current password, given here, hashed anew at this cost."""
    record = _read(kept)
    salt, _ = _made_with(record.current)
    return _written(record._replace(current=_hashed(password, salt, cost)))


def succeed(kept: bytes | None, password: str, salt: bytes, cost: Cost = USUAL) -> Successor:
    """Put a new password in front of those that were.

    Args:
        kept: The record so far, if there is one.
        password: 128 characters at most.
        salt: 16 random bytes, for a first password; later ones take the salt of the record.
        cost: Of the new hash. Older ones keep their own; each other cost among them is a run more.
    """
    before = _before(kept)
    if before:
        salt, _ = _made_with(before[0])
    new = _hashed(password, salt, cost)
    known = {(salt, cost): new}
    for made in dict.fromkeys(map(_made_with, before)):
        known[made] = known.get(made) or _hashed(password, *made)
    same = [_same(known[_made_with(each)], each) for each in before]
    others = [each for each, is_same in zip(before, same, strict=True) if not is_same]
    record = _Record(new, tuple(others[:MOST_BEFORE]))
    return Successor(_written(record), same.index(True) if True in same else None)


def _before(kept: bytes | None) -> tuple[str, ...]:
    if kept is None:
        return ()
    record = _read(kept)
    return (record.current, *record.history)


def _read(kept: bytes) -> _Record:
    found = json.loads(kept)
    return _Record(found["current"], tuple(found["history"]))


def _written(record: _Record) -> bytes:
    return json.dumps(record._asdict(), separators=(",", ":")).encode()


def _hashed(password: str, salt: bytes, cost: Cost) -> str:
    from argon2.low_level import Type, hash_secret  # SPEED: 25 ms, which most commands never need

    if len(password) > LONGEST:
        raise ValueError(f"a password of more than {LONGEST} characters")
    secret = password.encode("utf-8", "surrogatepass")
    made = hash_secret(
        secret, salt, cost.time_cost, cost.memory_kib, cost.lanes, _HASH_BYTES, Type.ID
    )
    return made.decode()


def _made_with(phc: str) -> tuple[bytes, Cost]:
    """Salt and cost of a hash such as `$argon2id$v=19$m=65536,t=3,p=4$SALT$HASH`."""
    _, _, _, costs, salt, _ = phc.split("$")
    memory_kib, time_cost, lanes = (int(each[2:]) for each in costs.split(","))
    return b64decode(salt + "=" * (-len(salt) % 4)), Cost(memory_kib, time_cost, lanes)


def _same(left: str, right: str) -> bool:
    return compare_digest(left.encode(), right.encode())
