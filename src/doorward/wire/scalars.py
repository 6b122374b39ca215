"""Single values: text to typed value and back, in the forms AWS takes and gives.

Every reader raises ValueError for text of the wrong form; the caller knows which error that is.
"""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from types import MappingProxyType
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INT_MAX = 2**31 - 1
LONG_MAX = 2**63 - 1

_INTEGER = re.compile(r"[+-]?[0-9]{1,64}")
_DECIMAL = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
)
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_BOOLEANS = MappingProxyType({"true": True, "1": True, "false": False, "0": False})
_NOT_FINITE = MappingProxyType(
    {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
)


def read_integer(text: str) -> int:
    """A 32-bit integer; a sign and leading zeros are fine, blanks and fractions are not."""
    return _bounded(text, INT_MAX)


def read_long(text: str) -> int:
    """A 64-bit integer."""
    return _bounded(text, LONG_MAX)


def _bounded(text: str, most: int) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("no integer")
    value = int(text)
    if not -most - 1 <= value <= most:
        raise ValueError("out of range")
    return value


def read_boolean(text: str) -> bool:
    """Exactly `true`, `false`, `1` or `0`."""
    if text not in _BOOLEANS:
        raise ValueError("no boolean")
    return _BOOLEANS[text]


def read_float(text: str) -> float:
    """A decimal number, or AWS's words for those that are not finite."""
    if text in _NOT_FINITE:
        return _NOT_FINITE[text]
    if not _DECIMAL.fullmatch(text):
        raise ValueError("no number")
    return float(text)


def read_blob(text: str) -> bytes:
    """Base64, strictly."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("no base64") from error


def read_timestamp(text: str) -> datetime:
    """ISO 8601, HTTP date or seconds since 1970, whichever it is; without a zone it is UTC."""
    try:
        if _ISO.fullmatch(text):
            return _in_utc(datetime.fromisoformat(_microseconds(text)))
        if _DECIMAL.fullmatch(text):
            return from_epoch(float(text))
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, IndexError, TypeError) as error:
        raise ValueError("no timestamp") from error


def _microseconds(text: str) -> str:
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def from_epoch(seconds: float) -> datetime:
    """Seconds since 1970 as an aware time, rounded to milliseconds.

    Raises:
        ValueError: outside the years 1 to 9999.
    """
    try:
        return EPOCH + timedelta(milliseconds=round(seconds * 1000))
    except OverflowError as error:
        raise ValueError("no timestamp") from error


READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "string": str,
        "character": str,
        "integer": read_integer,
        "long": read_long,
        "boolean": read_boolean,
        "float": read_float,
        "double": read_float,
        "blob": read_blob,
        "timestamp": read_timestamp,
    }
)
"""Text to value by the model's name for the type."""


def iso_time(moment: datetime) -> str:
    """`2026-09-11T10:00:00Z`, whole seconds."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def iso_milliseconds(moment: datetime) -> str:
    """`2026-09-11T10:00:00.250Z`."""
    in_utc = moment.astimezone(UTC).replace(tzinfo=None)
    return in_utc.isoformat(timespec="milliseconds") + "Z"


def epoch_time(moment: datetime) -> int | float:
    """Seconds since 1970; whole when there are no milliseconds."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return milliseconds / 1000 if milliseconds % 1000 else milliseconds // 1000


def http_time(moment: datetime) -> str:
    """The form of HTTP headers (RFC 9110 section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
