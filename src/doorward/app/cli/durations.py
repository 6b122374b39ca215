"""Lengths of time as people type them: `90s`, `15m`, `2h`, `7d`."""

import argparse
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST_DAYS = 3650


def duration(text: str) -> timedelta:
    """The length; a bare number is seconds. For `argparse`."""
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "s")
    if not number.isascii() or not number.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no length such as 90s, 15m, 2h or 7d")
    try:
        found = timedelta(**{_UNITS[unit]: int(number)})
    except (OverflowError, ValueError):
        found = timedelta.max
    if found.days > _LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is longer than anybody waits")
    return found
