"""IP address operators."""

import re
from functools import lru_cache
from typing import Final, TypeAlias

from doorward.policy.conditions.table import operator

Address: TypeAlias = tuple[int, int]
"""Bits of the family (32 or 128) and the address as a number."""

_V4: Final = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})")
_GROUP: Final = re.compile(r"[0-9A-Fa-f]{1,4}")
_PREFIX: Final = re.compile(r"\+?[0-9]{1,6}")
_BYTE: Final = 255
_GROUPS: Final = 8
_MAPPED: Final = 0xFFFF
_V4_BITS: Final = 32
_V6_BITS: Final = 128


@lru_cache(maxsize=1024)
def address(text: str) -> Address | None:
    """A request's address; an IPv4-mapped one is IPv4. `None` where it is none."""
    found = _v4(text) or _v6(text, dotted=True)
    if found and found[0] == _V6_BITS and found[1] >> _V4_BITS == _MAPPED:
        return _V4_BITS, found[1] & 0xFFFFFFFF
    return found


@lru_cache(maxsize=1024)
def network(text: str) -> tuple[int, int, int] | None:
    """A policy's network: bits of the family, bits to drop, the number that must be left.

    `None` where it is none, or an IPv6 network with host bits, which never matches.
    """
    given, slash, length = text.partition("/")
    # AWS: `2001:db8:::1` and `2001:db8::1:` may be stored (recorded 2026-09).
    found = _v4(given) or _v6(given.replace(":::", "::"), dotted=False, trailing=True)
    if not found or (slash and not _PREFIX.fullmatch(length)):
        return None
    bits, number = found
    drop = bits - int(length) if slash else 0
    if drop < 0 or (bits == _V6_BITS and number != number >> drop << drop):
        return None
    return bits, drop, number >> drop


def _v4(text: str) -> Address | None:
    found = _V4.fullmatch(text)
    if not found:
        return None
    number = 0
    for part in map(int, found.groups()):
        if part > _BYTE:
            return None
        number = number << 8 | part
    return _V4_BITS, number


def _v6(text: str, *, dotted: bool, trailing: bool = False) -> Address | None:
    if trailing and text.endswith(":") and not text.endswith("::"):
        text = text[:-1]
    left, gap, right = text.partition("::")
    head, tail = _groups(left, dotted=dotted and not gap), _groups(right, dotted=dotted)
    if head is None or tail is None:
        return None
    missing = _GROUPS - len(head) - len(tail)
    if missing < 1 if gap else missing:
        return None
    number = 0
    for group in (*head, *([0] * missing), *tail):
        number = number << 16 | group
    return _V6_BITS, number


def _groups(text: str, *, dotted: bool) -> list[int] | None:
    if not text:
        return []
    *front, last = text.split(":")
    end = _v4(last) if dotted else None
    if end:
        low = [end[1] >> 16, end[1] & 0xFFFF]
    else:
        front, low = [*front, last], []
    if not all(map(_GROUP.fullmatch, front)):
        return None
    return [*(int(group, 16) for group in front), *low]


def is_network(text: str) -> bool:
    """Whether a stored policy may hold this value."""
    return network(text) is not None


@operator("IpAddress", negation="NotIpAddress", storable=is_network)
def ip_address(value: str, wanted: str) -> bool | None:
    """Whether the address is in the network; a value that is no address is not comparable."""
    left = address(value)
    if left is None:
        return None
    right = network(wanted)
    return right is not None and left[0] == right[0] and left[1] >> right[1] == right[2]
