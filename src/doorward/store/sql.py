"""Everything the two SQL stores share: the statements, in the SQL both databases speak."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from doorward.store import marks, posts
from doorward.store.errors import Conflict
from doorward.store.marks import Mark, Patience
from doorward.store.posts import Post
from doorward.store.record_sql import (
    add_records,
    find_records,
    old_accounts,
    prune_some,
    records_after,
)
from doorward.store.unit import Among, RecordRow, Row, Unit, refuse_nul

T = TypeVar("T")

MOVE = "UPDATE account SET revision = revision + 1 WHERE id = ? AND revision = ?"
CREATE = "INSERT INTO account (id, revision) VALUES (?, 1) ON CONFLICT DO NOTHING"
PUT_ROW = """INSERT INTO entity (account, kind, key, revision, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (account, kind, key) DO UPDATE SET revision = excluded.revision, body = excluded.body"""
# One statement, so that revision and rows are of one moment at every isolation level.
READ = """SELECT account.revision, entity.kind, entity.key, entity.body FROM account
LEFT JOIN entity ON entity.account = account.id AND entity.body IS NOT NULL
WHERE account.id = ?"""
READ_SINCE = """SELECT account.revision, entity.kind, entity.key, entity.body FROM account
LEFT JOIN entity ON entity.account = account.id AND entity.revision > ?
WHERE account.id = ?"""
FIND_ROW = """SELECT account FROM entity WHERE kind = ? AND key = ? AND body IS NOT NULL
ORDER BY account LIMIT 1"""
ACCOUNTS_WITH = """SELECT DISTINCT account FROM entity WHERE kind = ? AND body IS NOT NULL
ORDER BY account"""
FINGERPRINT = "SELECT count(*), sum(revision) FROM account"
NEWEST_RECORD = "SELECT max(sequence) FROM record"
GET_SETTING = "SELECT value FROM setting WHERE name = ?"
ADD_SETTING = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
SET_SETTING = "UPDATE setting SET value = ? WHERE name = ? AND value = ?"


class Session(Protocol):
    """One connection, inside a transaction when writing. Statements mark parameters with `?`."""

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        ...

    def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it touched."""
        ...

    def run_many(self, sql: str, each: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of parameters."""
        ...

    def settle_sequences(self) -> None:
        """Wait for every transaction that has numbers and is not done."""
        ...

    def sequences(self, count: int) -> Iterable[int]:
        """Reserve numbers for new records, growing and never given twice."""
        ...


class SqlStore(ABC):
    """A `Store` over a database that can run a piece of work in a transaction."""

    @abstractmethod
    def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in one transaction; committed when this returns, undone when it raises."""

    @abstractmethod
    def query(self, work: Callable[[Session], T]) -> T:
        """Run queries outside any transaction, on one connection."""

    @abstractmethod
    def close(self) -> None:
        """Release connections, threads and locks; calling it again does nothing."""

    def accounts(self) -> dict[str, int]:
        """Return every account's id with its revision."""
        return dict(self.query(lambda session: session.rows("SELECT id, revision FROM account")))

    def read(self, account: str, since: int = 0) -> tuple[int, list[Row]]:
        """Return the current revision, and the rows changed after revision `since`."""
        sql, args = (READ_SINCE, (since, account)) if since > 0 else (READ, (account,))
        found = self.query(lambda session: session.rows(sql, args))
        revision = found[0][0] if found else 0
        return revision, sorted(Row(*row) for _, *row in found if row[0] is not None)

    def commit(self, units: Sequence[Unit]) -> dict[str, int]:
        """Write all units or none; return the new revision of each account that moved."""
        refuse_nul(units)
        return self.write(lambda session: _commit(session, units))

    def append(self, records: Sequence[RecordRow]) -> None:
        """Write records alone, all in one transaction."""
        if records:
            self.write(lambda session: add_records(session, records))

    def find_records(
        self,
        account: str,
        *,
        start_ms: int,
        end_ms: int,
        attribute: tuple[str, str] | None,
        limit: int,
        before: tuple[int, int] | None,
    ) -> list[tuple[int, RecordRow]]:
        """Return (sequence, record) newest first, both ends of the time range included."""
        return self.query(
            lambda session: find_records(
                session, account, (start_ms, end_ms), attribute, limit, before
            )
        )

    def prune_records(self, before_ms: int) -> int:
        """Forget the records older than this moment, a little at a time so that writers pass."""
        total = 0
        for account in self.query(lambda session: old_accounts(session, before_ms)):
            while gone := self._prune_some(account, before_ms):
                total += gone
        return total

    def _prune_some(self, account: str, before_ms: int) -> int:
        return self.write(lambda session: prune_some(session, account, before_ms))

    def find_row(self, kind: str, key: str) -> str | None:
        """Return the account that holds this row; the first by id when several do."""
        found = self.query(lambda session: session.rows(FIND_ROW, (kind, key)))
        return str(found[0][0]) if found else None

    def accounts_with(self, kind: str) -> list[str]:
        """Return the accounts that hold rows of this kind, ordered."""
        found = self.query(lambda session: session.rows(ACCOUNTS_WITH, (kind,)))
        return [str(account) for (account,) in found]

    def get_setting(self, name: str) -> bytes | None:
        """Return a setting's value, None when it was never set."""
        found = self.query(lambda session: session.rows(GET_SETTING, (name,)))
        return found[0][0] if found else None

    def put_setting(
        self, name: str, value: bytes, expected: bytes | None, posts: Sequence[Post] = ()
    ) -> bool:
        """Set it if it still has the expected value; say whether it was."""
        return self.write(lambda session: _put_setting(session, (name, value, expected), posts))

    def newest_record(self) -> int:
        """Return a sequence number up to which every record is there to be read."""
        return self.write(_newest_record)

    def records_after(
        self, sequence: int, upto: int, limit: int, among: Among | None = None
    ) -> list[tuple[int, RecordRow]]:
        """Return (sequence, record) of all accounts in order of sequence."""
        return self.query(lambda session: records_after(session, sequence, upto, limit, among))

    def tally(self, batches: Sequence[Sequence[Mark]]) -> list[list[int]]:
        """Count each batch up to its first mark that is beyond its most."""
        return self.write(lambda session: marks.tally(session, batches))

    def tallied(self, place: str, since: int = 0) -> Mapping[int, int]:
        """Return moment -> count of a place, from a moment on."""
        return self.query(lambda session: marks.tallied(session, place, since))

    def attempt(self, places: Sequence[str], now_ms: int, patience: Patience) -> int:
        """Take a try at every place as if it failed, or at none; how long to wait first."""
        return self.write(lambda session: marks.attempt(session, places, now_ms, patience))

    def forgive(self, forget: Sequence[str], forgive_one: Sequence[str] = ()) -> None:
        """A try did not fail: forget all failures of some places, and this one of others."""
        self.write(lambda session: marks.forgive(session, forget, forgive_one))

    def prune_marks(self, now_ms: int, window_ms: int) -> None:
        """Forget marks that are over, and failures older than the window."""
        self.write(lambda session: marks.prune(session, now_ms, window_ms))

    def take_posts(self, now_ms: int, lease_ms: int, limit: int) -> list[Post]:
        """Take up what is due, oldest first; nobody else does before the lease is over."""
        return self.write(lambda session: posts.take(session, now_ms, lease_ms, limit))

    def postpone_post(self, post_id: str, due_ms: int) -> None:
        """Try a post again at that time."""
        self.write(lambda session: session.run(posts.POSTPONE, (due_ms, post_id)))

    def drop_post(self, post_id: str) -> None:
        """A post was delivered, or given up."""
        self.write(lambda session: session.run(posts.DONE, (post_id,)))

    def changed(self, known: Mapping[str, int]) -> dict[str, int]:
        """Return the accounts whose revision is not the known one; one small row when none is."""
        # INVARIANT: revisions only grow and accounts stay, so equal sums mean equal accounts.
        ((count, total),) = self.query(lambda session: session.rows(FINGERPRINT))
        if (count, total or 0) == (len(known), sum(known.values())):
            return {}
        found = self.accounts().items()
        return {account: revision for account, revision in found if known.get(account) != revision}


def _commit(session: Session, units: Sequence[Unit]) -> dict[str, int]:
    # INVARIANT: accounts are locked in one order everywhere, or two commits could wait in a ring.
    moving = sorted((unit for unit in units if unit.rows), key=lambda unit: unit.account)
    moved = {}
    for unit in moving:
        _move(session, unit)
        moved[unit.account] = unit.expected + 1
        session.run_many(
            PUT_ROW,
            [(unit.account, row.kind, row.key, unit.expected + 1, row.body) for row in unit.rows],
        )
    add_records(session, [record for unit in units for record in unit.records])
    posts.add(session, [post for unit in units for post in unit.posts])
    return moved


def _move(session: Session, unit: Unit) -> None:
    if unit.expected == 0:
        won = session.run(CREATE, (unit.account,))
    else:
        won = session.run(MOVE, (unit.account, unit.expected))
    if not won:
        raise Conflict(unit.account, unit.expected)


def _put_setting(
    session: Session, setting: tuple[str, bytes, bytes | None], waiting: Sequence[Post]
) -> bool:
    name, value, expected = setting
    if expected is None:
        won = session.run(ADD_SETTING, (name, value))
    else:
        won = session.run(SET_SETTING, (value, name, expected))
    if won == 1:
        posts.add(session, waiting)
    return won == 1


def _newest_record(session: Session) -> int:
    session.settle_sequences()
    ((newest,),) = session.rows(NEWEST_RECORD)
    return int(newest or 0)
