"""One-time codes of virtual and hardware devices, as AWS takes them.

Source: RFC 6238 (SHA-1, six digits, 30 s); the windows are recorded, mfa_verification,
mfa_pair_window, mfa_resync_anchor, mfa_code_order and mfa_reuse.
"""

from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest, digest

STEP_S = 30
SEED_BYTES = 40
USE_WINDOW = 2
PAIR_EARLIEST, PAIR_LATEST = -998, 1000


def step_at(now: datetime) -> int:
    """The step of 30 s since the epoch."""
    return int(now.timestamp()) // STEP_S


# SPEED: a tenth of the time of pyotp, the oracle of the tests: two thousand steps a wrong pair.
def code_at(seed: bytes, step: int) -> str:
    """The six digits of that step; pyotp gives the same in the tests. Source: RFC 4226, 5.3."""
    mac = digest(seed, step.to_bytes(8), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def step_of_use(seed: bytes, code: str, now: datetime, steps_off: int) -> int | None:
    """The step whose code this is, within two of now by the device's clock; None for no step.

    Args:
        seed: The device's secret.
        code: As typed; anything but six digits is no code.
        now: Aware.
        steps_off: How far ahead the device's clock is, in steps.
    """
    around = step_at(now) + steps_off
    found = None
    for step in range(around - USE_WINDOW, around + USE_WINDOW + 1):
        if _is_code(seed, step, code):
            found = step
    return found


def step_of_pair(
    seed: bytes,
    codes: tuple[str, str],
    now: datetime,
    steps_off: int,
    last_pair: int | None,
) -> int | None:
    """The later step of two consecutive codes, the older one first; None when they are not that.

    Args:
        seed: The device's secret.
        codes: In the order given.
        now: Aware.
        steps_off: What was learnt so far; the search is around it.
        last_pair: The later step of the last accepted pair; both steps must be newer.
    """
    around = step_at(now) + steps_off
    return next(
        (
            step
            for step in _outwards(around, PAIR_EARLIEST, PAIR_LATEST)
            if (last_pair is None or step - 1 > last_pair)
            and _is_code(seed, step, codes[1])
            and _is_code(seed, step - 1, codes[0])
        ),
        None,
    )


def _outwards(around: int, earliest: int, latest: int) -> Iterator[int]:
    """Steps from the nearest to the farthest."""
    steps = range(around + earliest, around + latest + 1)
    return iter(sorted(steps, key=lambda step: abs(step - around)))


def _is_code(seed: bytes, step: int, code: str) -> bool:
    # A step before the epoch has no code.
    return step >= 0 and compare_digest(code_at(seed, step).encode(), code.encode())
