"""The names AWS gives to keys and principals, made from random bytes.

Source: IAM guide, "Unique identifiers"; the account inside a key id was worked out from public
samples by several researchers (ASIAQNZGKIQY56JQ7WML is a key of account 029608264753).
"""

import base64
import binascii

SECRET_BYTES = 30
KEY_ID_BYTES = 5
UNIQUE_ID_BYTES = 11

_KEY_ID_LENGTH = 20
_ENCODES_ACCOUNT = 1 << 47
_LAST_ACCOUNT = 999_999_999_999


def access_key_id(prefix: str, account: str, random: bytes) -> str:
    """Make the id of an access key, 20 characters with the account inside.

    Args:
        prefix: `AKIA`, or `ASIA` for temporary keys.
        account: Twelve digits.
        random: At least five bytes.
    """
    _check_random(random, KEY_ID_BYTES)
    number = _ENCODES_ACCOUNT | int(account) << 7 | random[0] & 0x7F
    return prefix + base64.b32encode(number.to_bytes(6, "big") + random[1:5]).decode()


def account_of(access_key_id: str) -> str | None:
    """The account a key id names, or None: ids made before 2019 name none."""
    if len(access_key_id) != _KEY_ID_LENGTH:
        return None
    try:
        packed = base64.b32decode(access_key_id[4:].encode())
    except (binascii.Error, UnicodeEncodeError):
        return None
    number = int.from_bytes(packed[:6], "big")
    account = (number & 0x7FFFFFFFFF80) >> 7
    named = number & _ENCODES_ACCOUNT and account <= _LAST_ACCOUNT
    return f"{account:012}" if named else None


def unique_id(prefix: str, random: bytes) -> str:
    """Make the id of a principal or policy (`AIDA`, `AROA`, `ANPA` …), 21 characters."""
    _check_random(random, UNIQUE_ID_BYTES)
    return prefix + base64.b32encode(random[:UNIQUE_ID_BYTES]).decode()[:17]


def secret_access_key(random: bytes) -> str:
    """Make a secret of 40 characters from exactly thirty random bytes."""
    _check_random(random, SECRET_BYTES)
    return base64.b64encode(random[:SECRET_BYTES]).decode()


def _check_random(random: bytes, needed: int) -> None:
    # INVARIANT: too few bytes would be padded into an id or a secret that can be guessed.
    if len(random) < needed:
        raise ValueError(f"{needed} random bytes are needed, not {len(random)}")
