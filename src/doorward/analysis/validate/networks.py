"""Address ranges nobody on the internet calls from."""

from typing import Final

from doorward.policy.conditions.ips import network

_PRIVATE: Final = tuple(
    found
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
    if (found := network(text))
)
"""Source: RFC 1918; RFC 4193."""


def is_private(text: str) -> bool:
    """Whether every address of the range is private; not so for what is no range."""
    found = network(text)
    if found is None:
        return False
    bits, drop, left = found
    return any(
        bits == own_bits and drop <= own_drop and left >> (own_drop - drop) == own_left
        for own_bits, own_drop, own_left in _PRIVATE
    )


def cleaned(text: str) -> str | None:
    """The range without the bits behind its mask; `None` where there are none."""
    found = network(text)
    if found is None or "/" not in text or ":" in text:
        return None
    bits, drop, left = found
    octets = (left << drop).to_bytes(bits // 8)
    mended = f"{'.'.join(map(str, octets))}/{bits - drop}"
    return mended if mended != text else None
