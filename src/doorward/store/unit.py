"""What a store keeps and promises, whatever it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from doorward.store.marks import Mark, Patience
from doorward.store.posts import Post


class Row(NamedTuple):
    """One thing of an account. Kind and key are opaque text; a body of None says it was deleted."""

    kind: str
    key: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One event of the trail, with what it can be looked up by. Absent text is "".

    Attributes:
        at: Milliseconds since the epoch, UTC.
        resources: (type, name) pairs, in the order of the event.
        body: The JSON of the event as stored.
    """

    account: str
    at: int
    event_id: str
    event_name: str
    event_source: str
    username: str
    access_key_id: str
    read_only: bool
    resources: tuple[tuple[str, str], ...]
    request_id: str
    body: bytes


class Among(NamedTuple):
    """Which records are wanted: those of these events, and those of these users."""

    events: tuple[str, ...]
    usernames: tuple[str, ...]

    def holds(self, record: RecordRow) -> bool:
        """The record is one of them."""
        return record.event_name in self.events or record.username in self.usernames


@dataclass(frozen=True, slots=True)
class Unit:
    """What one call changes in one account.

    Attributes:
        expected: The revision the rows were computed from; 0 creates the account.
        rows: What differs. Empty: only records are written, `expected` is not looked at and the
            revision stays.
        posts: What is to be sent because of it.
    """

    account: str
    expected: int
    rows: tuple[Row, ...] = ()
    records: tuple[RecordRow, ...] = ()
    posts: tuple[Post, ...] = ()


class Store(Protocol):
    """Durable rows per account, records of calls, and a few settings.

    Every method may be called from any thread; a method blocks, so call it from worker threads,
    never from an event loop. Writers never block readers. Any method may raise
    `StoreUnavailable`; the next call starts with a fresh connection.
    """

    def accounts(self) -> dict[str, int]:
        """Return every account's id with its revision."""
        ...

    def read(self, account: str, since: int = 0) -> tuple[int, list[Row]]:
        """Return the current revision, and the rows changed after revision `since`.

        Rows come sorted by kind and key. Deleted rows are told only when `since` is above 0.
        An account that does not exist is at revision 0 and has no rows.
        """
        ...

    def commit(self, units: Sequence[Unit]) -> dict[str, int]:
        """Write all units or none; return the new revision of each account that moved.

        Raises:
            Conflict: an account is not at its unit's `expected` revision.
            ValueError: a kind, key or account holds a NUL character.
        """
        ...

    def append(self, records: Sequence[RecordRow]) -> None:
        """Write records alone, all in one transaction."""
        ...

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
        """Return (sequence, record) newest first, both ends of the time range included.

        Args:
            account: Whose records.
            start_ms: First moment, milliseconds since the epoch.
            end_ms: Last moment.
            attribute: A name of `records.ATTRIBUTES` and the exact value; ReadOnly is "true" or
                "false", any other text finds nothing.
            limit: How many at most.
            before: (at, sequence) of the last record of the page before.

        Raises:
            ValueError: the attribute has another name.
        """
        ...

    def prune_records(self, before_ms: int) -> int:
        """Forget the records older than this moment; return how many there were."""
        ...

    def find_row(self, kind: str, key: str) -> str | None:
        """Return the account that holds this row; the first by id when several do."""
        ...

    def accounts_with(self, kind: str) -> list[str]:
        """Return the accounts that hold rows of this kind, ordered."""
        ...

    def get_setting(self, name: str) -> bytes | None:
        """Return a setting's value, None when it was never set."""
        ...

    def put_setting(
        self, name: str, value: bytes, expected: bytes | None, posts: Sequence[Post] = ()
    ) -> bool:
        """Set it if it still has the expected value (None: is not there); say whether it was.

        Posts are kept in the same transaction, or not at all.
        """
        ...

    def newest_record(self) -> int:
        """Return a sequence number up to which every record is there to be read, 0 for none.

        Records of one transaction follow each other; those of several nodes do not come in the
        order of their numbers, so whoever reads on from a number must not read beyond this one.
        """
        ...

    def records_after(
        self, sequence: int, upto: int, limit: int, among: Among | None = None
    ) -> list[tuple[int, RecordRow]]:
        """Return (sequence, record) of all accounts in order of sequence, `upto` included."""
        ...

    def tally(self, batches: Sequence[Sequence[Mark]]) -> list[list[int]]:
        """Count each batch up to its first mark that is beyond its most; all in one transaction.

        Returns:
            The counts with this one, batch by batch; a shorter list than the batch was ended.
        """
        ...

    def tallied(self, place: str, since: int = 0) -> Mapping[int, int]:
        """Return moment -> count of a place, from a moment on."""
        ...

    def attempt(self, places: Sequence[str], now_ms: int, patience: Patience) -> int:
        """Take a try at every place as if it failed, or at none.

        Returns:
            0 when it was taken, else how many milliseconds to wait first.
        """
        ...

    def forgive(self, forget: Sequence[str], forgive_one: Sequence[str] = ()) -> None:
        """A try did not fail: forget all failures of some places, and this one of others."""
        ...

    def prune_marks(self, now_ms: int, window_ms: int) -> None:
        """Forget marks that are over, and failures older than the window."""
        ...

    def take_posts(self, now_ms: int, lease_ms: int, limit: int) -> list[Post]:
        """Take up what is due, oldest first; nobody else does before the lease is over."""
        ...

    def postpone_post(self, post_id: str, due_ms: int) -> None:
        """Try a post again at that time."""
        ...

    def drop_post(self, post_id: str) -> None:
        """A post was delivered, or given up."""
        ...

    def changed(self, known: Mapping[str, int]) -> dict[str, int]:
        """Return the accounts whose revision is not the known one; cheap when there is none."""
        ...

    def close(self) -> None:
        """Release connections, threads and locks; calling it again does nothing."""
        ...


def refuse_nul(units: Sequence[Unit]) -> None:
    """Raise ValueError for text PostgreSQL cannot hold, so that every store refuses the same."""
    for unit in units:
        texts = (unit.account, *(text for row in unit.rows for text in (row.kind, row.key)))
        if any("\0" in text for text in texts):
            raise ValueError(f"A NUL character in a row of account {unit.account!r}.")
