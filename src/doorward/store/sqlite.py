"""A store in one directory: SQLite in WAL mode, one process at a time."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from doorward.store.errors import StoreUnavailable
from doorward.store.lock import DirectoryLock
from doorward.store.migrations import migrate, refuse_newer, steps, version
from doorward.store.pool import Pool
from doorward.store.sql import Session, SqlStore

T = TypeVar("T")

FILE = "doorward.db"
BUSY_S = 5
# What the machine or the disk does to us, as opposed to a wrong statement.
OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
# INVARIANT: FULL syncs the log at every commit, so what was answered survives a power cut.
# fullfsync matters on macOS only, where a plain fsync stops at the drive's cache.
DURABLE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    # SPEED: look-up indexes touch scattered pages; copying each out of the log less often makes
    # 500 records 73 -> 47 ms. The log then holds up to 32 MB.
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA cache_size = -32768",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA trusted_schema = OFF",
)
WATCHING = ("PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF")


class SqliteStore(SqlStore):
    """A `Store` in a directory; writes take turns on one connection, reads have their own.

    Args:
        directory: Made (0700) when it is not there.
        read_only: Take no lock, make and change nothing; also while another process writes.
        upward: The schema's steps, for tests of a migration.

    Raises:
        DirectoryLocked: another process has the directory.
        SchemaTooNew: a newer Doorward wrote it.
        StoreUnavailable: it cannot be opened.
    """

    def __init__(
        self, directory: Path, *, read_only: bool = False, upward: Sequence[str] | None = None
    ) -> None:
        upward = steps("sqlite") if upward is None else upward
        self._file = directory / FILE
        self._turn = Lock()
        self._readers = Pool(lambda: _connect(self._file, "ro", WATCHING), _is_fit)
        self._writers = Pool(lambda: _connect(self._file, "rw", DURABLE), _is_fit, keep=1)
        self._lock: DirectoryLock | None = None
        self._read_only = read_only
        if read_only:
            self._check(upward)
            return
        self._lock = _prepared(directory, self._file)
        try:
            self.write(lambda session: migrate(session, upward))
        except BaseException:
            self.close()
            raise

    def _check(self, upward: Sequence[str]) -> None:
        if not self._file.exists():
            raise StoreUnavailable(f"there is no {self._file}")
        found = self.query(version)
        refuse_newer(found, len(upward))
        if found < len(upward):
            raise StoreUnavailable(f"{self._file} is of an older Doorward; start the server once")

    def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in one transaction; committed when this returns, undone when it raises."""
        if self._read_only:
            raise StoreUnavailable(f"{self._file} is open for reading only")
        with self._turn, self._outages_named(self._writers), self._writers.connection() as lent:
            lent.execute("BEGIN IMMEDIATE")
            try:
                result = work(_SqliteSession(lent))
                lent.execute("COMMIT")
            except BaseException:
                if lent.in_transaction:
                    lent.execute("ROLLBACK")
                raise
            return result

    def query(self, work: Callable[[Session], T]) -> T:
        """Run queries outside any transaction, on one connection."""
        with self._outages_named(self._readers), self._readers.connection() as lent:
            return work(_SqliteSession(lent))

    def close(self) -> None:
        """Release connections and the directory; calling it again does nothing."""
        with self._turn:
            self._readers.close()
            self._writers.close()
            if self._lock:
                self._lock.release()

    @contextmanager
    def _outages_named(self, pool: Pool[sqlite3.Connection]) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in OUTAGES:
                raise
            pool.drop()
            raise StoreUnavailable(f"{self._file}: {error}") from error


class _SqliteSession:
    """A `Session` on a SQLite connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, args).fetchall()

    def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        return self._connection.execute(sql, args).rowcount

    def run_many(self, sql: str, each: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, each)

    def settle_sequences(self) -> None:
        """Writers take turns: there is nobody to wait for."""

    def sequences(self, count: int) -> Iterable[int]:
        last = self.rows("SELECT seq FROM sqlite_sequence WHERE name = 'record'")
        first = last[0][0] + 1 if last else 1
        return range(first, first + count)


def _prepared(directory: Path, file: Path) -> DirectoryLock:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = DirectoryLock(directory)
        # SQLite gives its log the mode of the database: nobody else reads either.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{directory}: {error.strerror}") from error
    return lock


def _connect(file: Path, mode: str, pragmas: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        for pragma in pragmas:
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_fit(connection: sqlite3.Connection) -> bool:
    return not connection.in_transaction
