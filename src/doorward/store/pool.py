"""Connections kept for reuse, whichever thread asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Generic, Protocol, TypeVar

from doorward.store.errors import StoreUnavailable


class Closable(Protocol):
    """A connection."""

    def close(self) -> None:
        """Give up the connection."""
        ...


C = TypeVar("C", bound=Closable)


class Pool(Generic[C]):
    """Hands a connection to one thread at a time; opens another when none is idle.

    A connection is kept only while `reusable` says it is fit; after an outage `drop` them all.
    """

    def __init__(
        self, connect: Callable[[], C], reusable: Callable[[C], bool], keep: int = 8
    ) -> None:
        self._connect = connect
        self._reusable = reusable
        self._keep = keep
        self._idle: list[C] = []
        self._lock = Lock()

    @contextmanager
    def connection(self) -> Iterator[C]:
        """Lend a connection for the block."""
        if self._keep == 0:
            raise StoreUnavailable("it was closed")
        with self._lock:
            lent = self._idle.pop() if self._idle else None
        lent = lent or self._connect()
        try:
            yield lent
        finally:
            self._take_back(lent)

    def _take_back(self, lent: C) -> None:
        fit = self._reusable(lent)
        with self._lock:
            if fit and len(self._idle) < self._keep:
                self._idle.append(lent)
                return
        _close(lent)

    def drop(self) -> None:
        """Close every idle connection: the next use starts afresh."""
        with self._lock:
            idle, self._idle = self._idle, []
        for each in idle:
            _close(each)

    def close(self) -> None:
        """Lend and keep no connection from now on."""
        self._keep = 0
        self.drop()


def _close(connection: Closable) -> None:
    with suppress(Exception):  # what is already broken may also fail to close
        connection.close()
