"""What a store keeps and promises, whatever it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


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


@dataclass(frozen=True, slots=True)
class Unit:
    """What one call changes in one account.

    Attributes:
        expected: The revision the rows were computed from; 0 creates the account.
        rows: What differs. Empty: only records are written, `expected` is not looked at and the
            revision stays.
    """

    account: str
    expected: int
    rows: tuple[Row, ...] = ()
    records: tuple[RecordRow, ...] = ()


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

    def get_setting(self, name: str) -> bytes | None:
        """Return a setting's value, None when it was never set."""
        ...

    def put_setting(self, name: str, value: bytes, expected: bytes | None) -> bool:
        """Set it if it still has the expected value (None: is not there); say whether it was."""
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
