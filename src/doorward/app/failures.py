"""The one failure counter of passwords, codes and links, for all nodes and every way in.

A try counts as failed from the moment it is taken, so that many at once cannot all be the first;
success takes it back. Failures slow down the source that makes them, never the owner elsewhere.
"""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from doorward.store.marks import Mark, Patience
from doorward.store.unit import Store

FREE = 5
WINDOW = timedelta(minutes=15)
REMEMBERED = timedelta(days=400)

# Five failures are free, then 1 s, doubling up to 15 minutes.
PATIENCE = Patience(
    (*[0] * (FREE - 1), *(min(1000 << n, 900_000) for n in range(11))),
    WINDOW // timedelta(milliseconds=1),
)


class Try(NamedTuple):
    """A try at a credential from a source.

    Attributes:
        credential: Whose password, code or link, whether it exists or not.
        source: An IP address; of IPv6 its /64 counts as one.
        everywhere: It counts against the credential wherever it comes from: at a million codes
            many sources are soon through. Only who has the password already may slow others so.
    """

    credential: str
    source: str
    everywhere: bool = False

    @property
    def pair(self) -> str:
        """The place of this credential from this source."""
        return f"{_short(self.credential)}/{_short(_network(self.source))}"

    @property
    def anywhere(self) -> str:
        """The place of this source, whatever it tries."""
        return f"source/{_short(_network(self.source))}"

    @property
    def shared(self) -> tuple[str, ...]:
        """The places where neighbours count, too."""
        whole = f"credential/{_short(self.credential)}"
        return (self.anywhere, whole) if self.everywhere else (self.anywhere,)


class Failures:
    """Counts in the store; every method may be awaited from the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, tried: Try, now: datetime) -> float:
        """Take a try, as if it failed: 0, or for how many seconds it is refused unheard.

        Raises:
            StoreUnavailable: nothing may be tried.
        """
        return await asyncio.to_thread(self._take, tried, _ms(now))

    async def passed(self, tried: Try, now: datetime) -> None:
        """The try that was taken did not fail; its source is known from now on."""
        await asyncio.to_thread(self._passed, tried, _ms(now))

    async def passed_half(self, tried: Try) -> None:
        """The try did not fail, but nobody is in yet: a second factor is still to come."""
        await asyncio.to_thread(self._passed_half, tried)

    def prune(self, now: datetime) -> None:
        """Forget what no longer counts; blocks."""
        self._store.prune_marks(_ms(now), PATIENCE.window_ms)

    def _take(self, tried: Try, now_ms: int) -> float:
        # Who signed in from here before is not slowed by others, here or elsewhere.
        places = (tried.pair, *self._shared(tried))
        return self._store.attempt(places, now_ms, PATIENCE) / 1000

    def _passed_half(self, tried: Try) -> None:
        self._store.forgive((), (tried.pair, *self._shared(tried)))

    def _shared(self, tried: Try) -> tuple[str, ...]:
        """Where it counts beside its own place.

        INVARIANT: what is not counted is not taken back either, or whoever has an account would
        wipe out failures at others by signing in.
        """
        return () if self._store.tallied(_known(tried)) else tried.shared

    def _passed(self, tried: Try, now_ms: int) -> None:
        self._store.forgive((tried.pair,), self._shared(tried))
        until = now_ms + REMEMBERED // timedelta(milliseconds=1)
        self._store.tally([[Mark(_known(tried), 0, until)]])


def _known(tried: Try) -> str:
    return f"known/{tried.pair}"


def _network(source: str) -> str:
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(int(address) >> 64)
    return source


def _short(text: str) -> str:
    # Whatever was typed: of one length, and readable by nobody.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _ms(now: datetime) -> int:
    return int(now.timestamp() * 1000)
