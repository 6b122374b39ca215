"""Delivered records: the files of a trail, their names and their bytes.

Source: CloudTrail guide, "CloudTrail log file examples"; recorded deliveries, owned_s3_delivery.
"""

import gzip
import hashlib
import zlib
from base64 import b32encode
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from doorward.trail.members import iso

EVERY_MIN = 5
SUFFIX_CHARS = 16
OPENING, CLOSING = b'{"Records":[', b"]}"


class EventHead(msgspec.Struct, frozen=True, rename="camel"):
    """What a trail chooses its events by."""

    event_time: str = ""
    event_source: str = ""
    event_name: str = ""
    aws_region: str = ""
    read_only: bool = False
    event_type: str = ""
    event_category: str = "Management"
    user_identity: dict[str, msgspec.Raw] = {}

    @property
    def caller(self) -> str:
        """The caller's ARN, empty for one that has none."""
        arn = self.user_identity.get("arn")
        return msgspec.json.decode(arn, type=str) if arn else ""


_HEAD = msgspec.json.Decoder(EventHead)


def head_of(body: bytes) -> EventHead:
    """The head of a record."""
    return _HEAD.decode(body)


def log_name(prefix: str | None, account: str, region: str, at: datetime, suffix: str) -> str:
    """The name of a file of records; its minute is a multiple of five."""
    day, minute = _day(at), at.minute - at.minute % EVERY_MIN
    stamp = f"{at:%Y%m%dT%H}{minute:02}Z"
    name = f"{account}_CloudTrail_{region}_{stamp}_{suffix}.json.gz"
    return f"{root_name(prefix, account)}CloudTrail/{region}/{day}/{name}"


def root_name(prefix: str | None, account: str) -> str:
    """The folder in a bucket where everything of an account lies."""
    return f"{prefix}/AWSLogs/{account}/" if prefix else f"AWSLogs/{account}/"


def suffix_of(seed: str, region: str) -> str:
    """Sixteen characters that make the name of a file unique, the same for the same seed."""
    digest = hashlib.sha256(f"{seed}/{region}".encode()).digest()
    return b32encode(digest).decode()[:SUFFIX_CHARS]


def log_body(bodies: Iterable[bytes]) -> bytes:
    """The text of a file of records."""
    return OPENING + b",".join(bodies) + CLOSING


def packed(text: bytes) -> bytes:
    """The text as delivered, the same bytes for the same text."""
    return gzip.compress(text, mtime=0)


def unpacked(data: bytes, most: int) -> bytes:
    """The text of a delivered file.

    Args:
        data: As it lies there; whoever wrote it is not trusted.
        most: Bytes the text may have.

    Raises:
        ValueError: it is not whole, is no gzip, or its text is longer.
    """
    opener = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        text = opener.decompress(data, most + 1)
    except zlib.error:
        raise ValueError("it is no gzip file, or a damaged one") from None
    if len(text) > most:
        raise ValueError(f"its text is longer than {most} bytes")
    if not opener.eof:
        raise ValueError("its end is missing")
    if opener.unused_data:
        raise ValueError("there are bytes behind its end")
    return text


def times(heads: Iterable[EventHead]) -> tuple[str, str]:
    """The times of the newest and the oldest of some events."""
    found = sorted(head.event_time for head in heads)
    return found[-1], found[0]


def whole_second(at: datetime) -> datetime:
    """The second a moment lies in."""
    return at.astimezone(UTC).replace(microsecond=0)


def _day(at: datetime) -> str:
    return iso(at)[:10].replace("-", "/")
