"""Date operators: instants, cut to milliseconds."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from doorward.policy.conditions.table import operator

_EPOCH: Final = re.compile(r"[+-]?[0-9]{1,18}")
_YEAR_DIGITS: Final = 4
# AWS: also signed years of up to nine digits, a small t, one digit of an hour, a zone of whole
# hours, and a T with nothing after it were recorded as stored.
_ISO: Final = re.compile(
    r"([+-]?\d{1,9})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:[Tt](?:(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?)?",
    re.ASCII,
)
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_HOURS, _SIXTY = 24, 60


@lru_cache(maxsize=1024)
def instant(text: str) -> int | None:
    """Milliseconds since 1970 of a W3C date or of epoch seconds; `None` for any other text.

    Four digits are a year. A date without a zone is UTC.
    """
    if _EPOCH.fullmatch(text) and len(text) != _YEAR_DIGITS:
        return int(text) * 1000
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part or 1) for part in found.groups()[:3])
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    offset_s = _offset_s(found[8])
    if hour >= _HOURS or minute >= _SIXTY or second >= _SIXTY or offset_s is None:
        return None
    try:
        days = _days(year, month, day)
    except ValueError:
        return None
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset_s
    return seconds * 1000 + int(((found[7] or "") + "000")[:3])


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970; the calendar repeats every 400 years, before the first one as well."""
    cycles, within = divmod(year - 1, _CYCLE_YEARS)
    return date(within + 1, month, day).toordinal() + cycles * _CYCLE_DAYS - _EPOCH_DAY


def _offset_s(zone: str | None) -> int | None:
    if zone is None or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours >= _HOURS or minutes >= _SIXTY:
        return None
    seconds = hours * 3600 + minutes * 60
    return -seconds if zone[0] == "-" else seconds


def is_date(text: str) -> bool:
    """Whether a stored policy may hold this value."""
    return instant(text) is not None


@operator("DateEquals", negation="DateNotEquals", storable=is_date)
def date_equals(value: str, wanted: str) -> bool:
    """Compare instants; what is no date matches nothing."""
    left, right = instant(value), instant(wanted)
    return left is not None and left == right


@operator("DateLessThan", storable=is_date)
def date_less_than(value: str, wanted: str) -> bool:
    """Whether the value is before."""
    left, right = instant(value), instant(wanted)
    return left is not None and right is not None and left < right


@operator("DateLessThanEquals", storable=is_date)
def date_less_than_equals(value: str, wanted: str) -> bool:
    """Whether the value is not after."""
    left, right = instant(value), instant(wanted)
    return left is not None and right is not None and left <= right


@operator("DateGreaterThan", storable=is_date)
def date_greater_than(value: str, wanted: str) -> bool:
    """Whether the value is after."""
    return date_less_than(wanted, value)


@operator("DateGreaterThanEquals", storable=is_date)
def date_greater_than_equals(value: str, wanted: str) -> bool:
    """Whether the value is not before."""
    return date_less_than_equals(wanted, value)
