"""The trail of all accounts, read once in a round for every trail that is equally far."""

from collections.abc import Iterator
from threading import Lock

from doorward.store.unit import RecordRow, Store

PAGE = 500
MOST_KEPT = 64

Rows = list[tuple[int, RecordRow]]


class Pages:
    """Records up to the newest there was when the round began."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.newest = store.newest_record()
        self._kept: dict[int, Rows] = {}
        self._lock = Lock()

    def after(self, sequence: int, upto: int | None = None) -> Iterator[Rows]:
        """Pages of what comes behind a sequence number, in order."""
        end = self.newest if upto is None else upto
        while sequence < end:
            page = [row for row in self._page(sequence) if row[0] <= end]
            if not page:
                return
            yield page
            sequence = page[-1][0]

    def _page(self, sequence: int) -> Rows:
        with self._lock:
            if sequence in self._kept:
                return self._kept[sequence]
        page = self._store.records_after(sequence, self.newest, PAGE)
        with self._lock:
            if len(self._kept) < MOST_KEPT:
                self._kept[sequence] = page
        return page
