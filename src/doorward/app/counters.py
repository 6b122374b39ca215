"""Failed signatures and tokens, counted per source and per access key or token id.

A good signature always passes, so nobody can be locked out by the failures of somebody else;
beyond the rate a failure no longer says what failed.
"""

from collections import OrderedDict

from doorward.app.trace import Trace

MOST_COUNTED = 10_000


class FailureLimits:
    """A fixed window of one minute. The oldest counters are forgotten when there are too many."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._counts: OrderedDict[tuple[str, int], int] = OrderedDict()

    def exceeded(self, trace: Trace) -> bool:
        """Count one more failure; say whether its source or its key had too many already."""
        minute = int(trace.at.timestamp()) // 60
        places = [f"source {trace.request.source}"]
        if trace.claimed_key:
            places.append(f"key {trace.claimed_key[:128]}")
        return max([self._count((place, minute)) for place in places]) > self._per_minute

    def _count(self, place: tuple[str, int]) -> int:
        count = self._counts.pop(place, 0) + 1
        self._counts[place] = count
        if len(self._counts) > MOST_COUNTED:
            self._counts.popitem(last=False)
        return count
