"""Doorwards kept open between tests: to reset one takes a millisecond, to open one fifty."""

from collections import OrderedDict

from doorward.app.in_process.in_process import InProcess
from doorward.app.in_process.seeds import SeedSource, seed_text

MOST = 8


class Pool:
    """One Doorward for each seed and account, the least used closed when there are too many."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str | None, str | None], InProcess] = OrderedDict()

    def fresh(self, seed: SeedSource = None, account: str | None = None) -> InProcess:
        """A Doorward as after its first start; what was asked for before is no longer to be used.

        Raises:
            SeedError: the seed cannot be used.
            FirstStartRefused: the seed is for another account.
            OSError: the seed's file cannot be read.
        """
        place = (seed_text(seed), account)
        kept = self._open.pop(place, None)
        if kept is None:
            kept = InProcess(seed=seed, account=account)
        else:
            kept.reset()
        self._open[place] = kept
        if len(self._open) > MOST:
            self._open.popitem(last=False)[1].close()
        return kept

    def close(self) -> None:
        """Close all."""
        while self._open:
            self._open.popitem()[1].close()
