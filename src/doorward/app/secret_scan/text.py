"""Access key ids in bytes, and the secret that stands beside each.

An id is known by its form; a secret is any forty characters of base64, so one counts only near an
id, and only when it is no digest and no word.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

KINDS = {
    "AKIA": "long-term key",
    "ASIA": "temporary key",
    "ABIA": "bearer token",
    "ACCA": "service credential",
}
"""What an id's first four letters say. Source: IAM guide, "Unique identifiers"."""

NEAR = 400
"""How many bytes before and after an id its secret is looked for."""

_BINARY_HEAD = 8192
_PREFIXES = tuple(prefix.encode() for prefix in KINDS)
_ID = re.compile(rb"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])")
_SECRET = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
_EXAMPLE = b"EXAMPLE"
_LEAST_DIFFERENT = 16


class Hit(NamedTuple):
    """An id in a text.

    Attributes:
        secret: The one nearest to the id, where there is one.
        line: From 1.
    """

    key_id: str
    secret: str | None
    line: int


def is_binary(content: bytes) -> bool:
    """Whether this is no text, as git decides it."""
    return b"\0" in content[:_BINARY_HEAD]


def hits(content: bytes) -> Iterator[Hit]:
    """Every access key id in the text; those of AWS's documentation are none."""
    # SPEED: most files have none of the four words, and looking for words is what bytes do best.
    if not any(prefix in content for prefix in _PREFIXES):
        return
    line, counted = 1, 0
    for found in _ID.finditer(content):
        if not found[0].endswith(_EXAMPLE):
            line += content.count(b"\n", counted, found.start())
            counted = found.start()
            yield Hit(found[0].decode(), _secret_near(content, found), line)


def masked(secret: str) -> str:
    """Enough of a secret to recognise it by."""
    return f"{secret[:4]}…"


def _secret_near(content: bytes, found: re.Match[bytes]) -> str | None:
    start = max(0, found.start() - NEAR)
    candidates = [
        (_distance(found, other), other[0].decode())
        for other in _SECRET.finditer(content, start, found.end() + NEAR)
        if _is_random(other[0])
    ]
    return min(candidates)[1] if candidates else None


def _distance(one: re.Match[bytes], other: re.Match[bytes]) -> int:
    return max(other.start() - one.end(), one.start() - other.end())


def _is_random(text: bytes) -> bool:
    """Thirty random bytes have letters of both cases; a digest in hex has those of one."""
    mixed = text.lower() != text != text.upper()
    return mixed and len(set(text)) >= _LEAST_DIFFERENT
