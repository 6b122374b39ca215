"""Passwords that everybody tries first: the most common ones of published breaches, offline.

The list holds no passwords but the first bytes of their hashes, sorted: one in 20 million others
is taken for one of them.
"""

import re
from bisect import bisect_left
from functools import cache
from hashlib import sha256

from doorward.catalog.pack import pack

WIDTH = 5
"""Bytes of each hash."""
_ADDED = re.compile(r"[^a-z]{1,8}\Z")
_SHORTEST = 4


def is_known(password: str) -> bool:
    """Whether it is on the list, whatever its case, also with up to eight digits or signs added."""
    folded = password.lower()
    root = _ADDED.sub("", folded)
    return _listed(folded) or (len(root) >= _SHORTEST and _listed(root))


def digest(password: str) -> bytes:
    """How a password in lower case stands on the list."""
    return sha256(password.encode("utf-8", "surrogatepass")).digest()[:WIDTH]


def size() -> int:
    """How many there are."""
    return len(_list()) // WIDTH


def _listed(password: str) -> bool:
    wanted, known = digest(password), _list()

    def at(index: int) -> bytes:
        return known[index * WIDTH : (index + 1) * WIDTH]

    place = bisect_left(range(size()), wanted, key=at)
    return place < size() and at(place) == wanted


# SPEED: read at the first question; 2 ms, then 10 µs each.
@cache
def _list() -> bytes:
    return pack("breached").read("common")
