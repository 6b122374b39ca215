"""BinaryEquals."""

import binascii
from base64 import b64decode, b64encode

from doorward.policy.conditions.table import operator


def decoded(text: str) -> bytes | None:
    """The bytes of base64 text; `None` for any other text."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def is_base64(text: str) -> bool:
    """Whether a policy may hold this value."""
    return decoded(text) is not None


@operator("BinaryEquals", storable=is_base64, always_typed=True)
def binary_equals(value: str, wanted: str) -> bool:
    """Compare bytes; the request's base64 must be the one strict spelling of them."""
    right = decoded(wanted)
    return right is not None and value == b64encode(right).decode()
