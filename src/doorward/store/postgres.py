"""A store many nodes share: PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

from doorward.store.errors import StoreUnavailable
from doorward.store.migrations import migrate, steps
from doorward.store.pool import Pool
from doorward.store.sql import Session, SqlStore

if TYPE_CHECKING:
    import psycopg

    from doorward.store.unit import Unit

T = TypeVar("T")

CHANNEL = "doorward"
RETRIES = 8
FIRST_WAIT_S = 0.002
RECONNECT_S = 1.0
HEARTBEAT_S = 0.25
STATEMENT_MS = 15_000
# Any number, as long as every node takes the same one while it looks after the schema.
MIGRATION_LOCK = 0x446F6F7277617264
SEQUENCE_LOCK = 0x446F6F7277617265
# A dead peer is noticed in about ten seconds; what the URL says wins.
DEFAULTS = {
    "application_name": "doorward",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
# SPEED: NOTIFY holds one lock for the whole cluster until its commit is on disk; as a transaction
# of its own that waits for no disk it does not queue the commits of other accounts.
HINT = """SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, hint)
FROM unnest(?::text[]) AS hint"""


class PostgresStore(SqlStore):
    """A `Store` on PostgreSQL; every thread may read and write at once.

    Args:
        url: As libpq reads it: `postgresql://user:password@host/database?sslmode=...`.
        upward: The schema's steps, for tests of a migration.

    Raises:
        SchemaTooNew: a newer Doorward looks after this database.
        StoreUnavailable: it cannot be reached, or psycopg is not installed.
    """

    def __init__(self, url: str, *, upward: Sequence[str] | None = None) -> None:
        conninfo = _conninfo(url)
        self._conninfo = conninfo
        self._pool = Pool(lambda: _connect(conninfo), _is_fit)
        self._stopped = Event()
        self._listeners: list[Thread] = []
        wanted = steps("postgres") if upward is None else upward
        try:
            self.write(lambda session: _migrate_alone(session, wanted))
        except BaseException:
            self.close()
            raise

    def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in one transaction, again when the database asks for it (40001, 40P01)."""
        from psycopg.errors import DeadlockDetected, SerializationFailure

        for attempt in range(RETRIES):
            try:
                with self._lent() as lent, lent.transaction():
                    return work(_PostgresSession(lent))
            except (SerializationFailure, DeadlockDetected):
                sleep(FIRST_WAIT_S * 2**attempt)
        raise StoreUnavailable(f"a transaction met others {RETRIES} times")

    def query(self, work: Callable[[Session], T]) -> T:
        """Run queries outside any transaction, on one connection."""
        with self._lent() as lent:
            return work(_PostgresSession(lent))

    def commit(self, units: Sequence["Unit"]) -> dict[str, int]:
        """Write all units or none; return the new revision of each account that moved."""
        moved = super().commit(units)
        if moved:
            self._hint(moved)
        return moved

    def _hint(self, moved: dict[str, int]) -> None:
        import psycopg

        hints = [f"{account}:{revision}" for account, revision in moved.items()]
        # It is committed: a hint that cannot be given must not look like a failure.
        with suppress(StoreUnavailable, psycopg.Error):
            self.query(lambda session: session.run(HINT, (CHANNEL, hints)))

    def listen(self, callback: Callable[[str, int], None]) -> None:
        """Call back, from a thread of its own, with account and revision soon after a commit.

        A hint only: after a lost connection some are missing, so `changed` must be polled too.
        """
        thread = Thread(target=self._listen, args=(callback,), name="store-listen", daemon=True)
        self._listeners.append(thread)
        thread.start()

    def _listen(self, callback: Callable[[str, int], None]) -> None:
        import psycopg

        while not self._stopped.is_set():
            try:
                self._listen_once(callback)
            except psycopg.Error:
                self._stopped.wait(RECONNECT_S)

    def _listen_once(self, callback: Callable[[str, int], None]) -> None:
        with _connect(self._conninfo) as connection:
            connection.execute("LISTEN doorward")
            while not self._stopped.is_set():
                for note in connection.notifies(timeout=HEARTBEAT_S):
                    account, _, revision = note.payload.rpartition(":")
                    callback(account, int(revision))

    def close(self) -> None:
        """Release connections and listening threads; calling it again does nothing."""
        self._stopped.set()
        while self._listeners:
            self._listeners.pop().join(timeout=2 * HEARTBEAT_S + RECONNECT_S)
        self._pool.close()

    @contextmanager
    def _lent(self) -> Iterator["psycopg.Connection"]:
        import psycopg
        from psycopg import errors

        again = errors.SerializationFailure, errors.DeadlockDetected
        # After a failover the old primary is read-only: a fresh connection finds the new one.
        outages = psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction
        try:
            with self._pool.connection() as lent:
                yield lent
        except again:
            raise
        except outages as error:
            self._pool.drop()
            raise StoreUnavailable(str(error).strip() or type(error).__name__) from error


class _PostgresSession:
    """A `Session` on a psycopg connection."""

    def __init__(self, connection: "psycopg.Connection") -> None:
        self._connection = connection

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(_translated(sql), args).fetchall()

    def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        return self._connection.execute(_translated(sql), args).rowcount

    def run_many(self, sql: str, each: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated(sql), each)

    def settle_sequences(self) -> None:
        self.run("SELECT pg_advisory_xact_lock(?)", (SEQUENCE_LOCK,))

    def sequences(self, count: int) -> Iterable[int]:
        # INVARIANT: held before the first number is drawn and until the transaction ends.
        self.run("SELECT pg_advisory_xact_lock_shared(?)", (SEQUENCE_LOCK,))
        sql = "SELECT nextval('record_sequence') FROM generate_series(1, ?)"
        return [number for (number,) in self.rows(sql, (count,))]


@lru_cache
def _translated(sql: str) -> LiteralString:
    return sql.replace("?", "%s")


def _migrate_alone(session: Session, upward: Sequence[str]) -> None:
    session.run("SELECT pg_advisory_xact_lock(?)", (MIGRATION_LOCK,))
    migrate(session, upward)


def _conninfo(url: str) -> str:
    try:
        from psycopg.conninfo import conninfo_to_dict, make_conninfo
    except ImportError as error:
        raise StoreUnavailable("install doorward[postgresql] for PostgreSQL") from error
    return make_conninfo("", **{**DEFAULTS, **conninfo_to_dict(url)})


def _connect(conninfo: str) -> "psycopg.Connection":
    import psycopg

    connection = psycopg.connect(conninfo, autocommit=True)
    connection.execute(f"SET statement_timeout = {STATEMENT_MS}")
    return connection


def _is_fit(connection: "psycopg.Connection") -> bool:
    from psycopg.pq import TransactionStatus

    return not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE
