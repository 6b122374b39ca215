"""A store that lives and dies with the process."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from threading import RLock
from typing import TypeAlias

from rpds import HashTrieMap

from doorward.store.errors import Conflict
from doorward.store.memory_marks import MemoryMarks
from doorward.store.posts import Post
from doorward.store.records import matches, refuse_unknown, stored
from doorward.store.unit import Among, RecordRow, Row, Unit, refuse_nul

# (at, sequence, record): sorts by time, then by order of writing.
Entry: TypeAlias = tuple[int, int, RecordRow]


@dataclass(frozen=True, slots=True)
class _Held:
    """An account's revision, and its rows with the revision of each one's last change."""

    revision: int
    rows: "HashTrieMap[tuple[str, str], tuple[int, bytes | None]]"

    def after(self, unit: Unit) -> "_Held":
        revision = self.revision + 1
        changes = {(row.kind, row.key): (revision, row.body) for row in unit.rows}
        return _Held(revision, self.rows.update(changes))


_NOTHING = _Held(0, HashTrieMap())
_number = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a `MemoryStore` held at one moment."""

    accounts: "HashTrieMap[str, _Held]"
    settings: "HashTrieMap[str, bytes]"
    trails: Mapping[str, tuple[Entry, ...]]


class MemoryStore(MemoryMarks):
    """A `Store` of persistent maps under one lock: a snapshot costs as much as the records."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()
        self._accounts: HashTrieMap[str, _Held] = HashTrieMap()
        self._settings: HashTrieMap[str, bytes] = HashTrieMap()
        self._trails: dict[str, list[Entry]] = {}
        self._log: list[tuple[int, RecordRow]] = []
        self._sequence = 0

    def snapshot(self) -> Snapshot:
        """Return the present state, to come back to."""
        with self._lock:
            trails = {account: tuple(entries) for account, entries in self._trails.items()}
            return Snapshot(self._accounts, self._settings, trails)

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a snapshot; revisions go back too, so readers start from `since=0`."""
        with self._lock:
            self._accounts = snapshot.accounts
            self._settings = snapshot.settings
            self._trails = {account: list(each) for account, each in snapshot.trails.items()}
            self._log = sorted(each[1:] for trail in self._trails.values() for each in trail)
            self.forget_marks()

    def accounts(self) -> dict[str, int]:
        """Return every account's id with its revision."""
        return {account: held.revision for account, held in self._accounts.items()}

    def read(self, account: str, since: int = 0) -> tuple[int, list[Row]]:
        """Return the current revision, and the rows changed after revision `since`."""
        held = self._accounts.get(account, _NOTHING)
        rows = [
            Row(kind, key, body)
            for (kind, key), (revision, body) in held.rows.items()
            if revision > since and (body is not None or since > 0)
        ]
        return held.revision, sorted(rows)

    def commit(self, units: Sequence[Unit]) -> dict[str, int]:
        """Write all units or none; return the new revision of each account that moved."""
        refuse_nul(units)
        with self._lock:
            accounts = self._accounts
            moved = {}
            for unit in (unit for unit in units if unit.rows):
                held = accounts.get(unit.account, _NOTHING)
                if held.revision != unit.expected:
                    raise Conflict(unit.account, unit.expected)
                accounts = accounts.insert(unit.account, held.after(unit))
                moved[unit.account] = held.revision + 1
            self._add([record for unit in units for record in unit.records])
            self.add_posts([post for unit in units for post in unit.posts])
            self._accounts = accounts
            return moved

    def append(self, records: Sequence[RecordRow]) -> None:
        """Write records alone."""
        with self._lock:
            self._add(records)

    def _add(self, records: Sequence[RecordRow]) -> None:
        for record in stored(records):
            self._sequence += 1
            insort(
                self._trails.setdefault(record.account, []),
                (record.at, self._sequence, record),
            )
            self._log.append((self._sequence, record))

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
        refuse_unknown(attribute)
        with self._lock:
            trail = self._trails.get(account, [])
            last = min((end_ms + 1,), before or (end_ms + 1,))
            window = trail[bisect_left(trail, (start_ms,)) : bisect_left(trail, last)]
        found = (
            (sequence, record)
            for _, sequence, record in reversed(window)
            if matches(record, attribute)
        )
        return list(islice(found, limit))

    def prune_records(self, before_ms: int) -> int:
        """Forget the records older than this moment; return how many there were."""
        with self._lock:
            total = 0
            for trail in self._trails.values():
                gone = bisect_left(trail, (before_ms,))
                del trail[:gone]
                total += gone
            self._log = [each for each in self._log if each[1].at >= before_ms]
            return total

    def newest_record(self) -> int:
        """Return a sequence number up to which every record is there to be read."""
        return self._sequence

    def records_after(
        self, sequence: int, upto: int, limit: int, among: Among | None = None
    ) -> list[tuple[int, RecordRow]]:
        """Return (sequence, record) of all accounts in order of sequence."""
        with self._lock:
            first = bisect_right(self._log, sequence, key=_number)
            last = bisect_right(self._log, upto, key=_number)
            wanted = islice(self._log, first, last)
            found = (each for each in wanted if among is None or among.holds(each[1]))
            return list(islice(found, limit))

    def find_row(self, kind: str, key: str) -> str | None:
        """Return the account that holds this row; the first by id when several do."""
        holders = (
            account
            for account, held in self._accounts.items()
            if held.rows.get((kind, key), (0, None))[1] is not None
        )
        return min(holders, default=None)

    def accounts_with(self, kind: str) -> list[str]:
        """Return the accounts that hold rows of this kind, ordered."""
        return sorted(
            account
            for account, held in self._accounts.items()
            if any(row[0] == kind and body is not None for row, (_, body) in held.rows.items())
        )

    def get_setting(self, name: str) -> bytes | None:
        """Return a setting's value, None when it was never set."""
        return self._settings.get(name)

    def put_setting(
        self, name: str, value: bytes, expected: bytes | None, posts: Sequence[Post] = ()
    ) -> bool:
        """Set it if it still has the expected value; say whether it was."""
        with self._lock:
            if self._settings.get(name) != expected:
                return False
            self._settings = self._settings.insert(name, value)
            self.add_posts(posts)
            return True

    def changed(self, known: Mapping[str, int]) -> dict[str, int]:
        """Return the accounts whose revision is not the known one."""
        return {
            account: revision
            for account, revision in self.accounts().items()
            if known.get(account) != revision
        }

    def close(self) -> None:
        """Nothing is held that would need releasing."""
