"""What must be counted once for all nodes: codes used, tries taken, links followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from doorward.store.sql import Session

COUNT = """INSERT INTO mark (place, moment, count, until) VALUES (?, ?, 1, ?)
ON CONFLICT (place, moment) DO UPDATE SET count = mark.count + 1 RETURNING count"""
COUNTED = "SELECT moment, count FROM mark WHERE place = ? AND moment >= ? ORDER BY moment"
PRUNE_MARKS = "DELETE FROM mark WHERE until < ?"

# The row is made first so that there is one to lock, and locked by being written.
TRY = """INSERT INTO attempt (place, count, last) VALUES (?, 0, 0)
ON CONFLICT (place) DO UPDATE SET count = attempt.count RETURNING count, last"""
TRIED = "UPDATE attempt SET count = ?, last = ? WHERE place = ?"
FORGET = "DELETE FROM attempt WHERE place = ?"
FORGIVE = "UPDATE attempt SET count = count - 1 WHERE place = ? AND count > 0"
PRUNE_ATTEMPTS = "DELETE FROM attempt WHERE last < ?"


class Mark(NamedTuple):
    """One count at a place and a moment (a step, a window, or 0 where there is but one).

    Attributes:
        until: Milliseconds since the epoch; afterwards it may be forgotten.
        most: A count above this ends the batch it stands in.
    """

    place: str
    moment: int
    until: int
    most: int = 1


@dataclass(frozen=True, slots=True)
class Patience:
    """How failures slow down who makes them.

    Attributes:
        waits_ms: How long to wait after so many failures; the last one for all beyond.
        window_ms: Failures are forgotten when none came for so long.
    """

    waits_ms: tuple[int, ...]
    window_ms: int

    def wait_ms(self, count: int, last_ms: int, now_ms: int) -> int:
        """How much of the wait is left after that many failures, the last one then."""
        if count == 0 or last_ms < now_ms - self.window_ms:
            return 0
        return max(0, last_ms + self.waits_ms[min(count, len(self.waits_ms)) - 1] - now_ms)

    def counted(self, count: int, last_ms: int, now_ms: int) -> int:
        """How many failures there are with one more."""
        return 1 if last_ms < now_ms - self.window_ms else count + 1


def tally(session: "Session", batches: Sequence[Sequence[Mark]]) -> list[list[int]]:
    """Count each batch up to its first mark that is beyond its most; the counts, that one too."""
    return [_tally(session, batch) for batch in batches]


def _tally(session: "Session", batch: Sequence[Mark]) -> list[int]:
    counts = []
    for mark in batch:
        ((count,),) = session.rows(COUNT, (mark.place, mark.moment, mark.until))
        counts.append(int(count))
        if count > mark.most:
            break
    return counts


def tallied(session: "Session", place: str, since: int) -> Mapping[int, int]:
    """The counts at a place, from a moment on."""
    return dict(session.rows(COUNTED, (place, since)))


def attempt(session: "Session", places: Sequence[str], now_ms: int, patience: Patience) -> int:
    """Take a try at every place as if it failed, or none: how long to wait first, 0 if taken."""
    # INVARIANT: places are locked in one order everywhere.
    found = {place: session.rows(TRY, (place,))[0] for place in sorted(places)}
    wait = max(patience.wait_ms(count, last, now_ms) for count, last in found.values())
    if wait == 0:
        for place, (count, last) in found.items():
            session.run(TRIED, (patience.counted(count, last, now_ms), now_ms, place))
    return wait


def forgive(session: "Session", forget: Sequence[str], forgive_one: Sequence[str]) -> None:
    """A try did not fail: forget all failures of some places, and this one of others."""
    for place in forget:
        session.run(FORGET, (place,))
    for place in forgive_one:
        session.run(FORGIVE, (place,))


def prune(session: "Session", now_ms: int, window_ms: int) -> None:
    """Forget marks that are over and failures too old to count."""
    session.run(PRUNE_MARKS, (now_ms,))
    session.run(PRUNE_ATTEMPTS, (now_ms - window_ms,))
