"""Which account an e-mail address or an alias is of, over all accounts of this Doorward.

What was read is kept; each look-up first reads what changed since. So a look-up that finds
nothing costs what one that finds something costs, however many accounts there are.
"""

import asyncio
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

from doorward.app.live import read_live
from doorward.store.unit import Row, Store


class _Names(NamedTuple):
    email: str
    aliases: tuple[str, ...]


class Names:
    """May be asked from the event loop; reads in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._revisions: dict[str, int] = {}
        self._names: dict[str, _Names] = {}

    async def of_email(self, email: str) -> str | None:
        """The account whose root user has the address, whatever its case."""
        names = await self._fresh()
        wanted = email.lower()
        return next((account for account, each in names if each.email.lower() == wanted), None)

    async def of_account(self, text: str) -> str | None:
        """The account of that id or alias; aliases are in lower case."""
        names = await self._fresh()
        wanted = text.lower()
        return next(
            (account for account, each in names if wanted == account or wanted in each.aliases),
            None,
        )

    def forget_all(self) -> None:
        """Drop what was read, for a store that was put back to an earlier state."""
        with self._lock:
            self._revisions.clear()
            self._names.clear()

    async def _fresh(self) -> list[tuple[str, _Names]]:
        return await asyncio.to_thread(self._read)

    def _read(self) -> list[tuple[str, _Names]]:
        with self._lock:
            for account_id in self._store.changed(self._revisions):
                self._take_in(account_id)
            return sorted(self._names.items())

    def _take_in(self, account_id: str) -> None:
        known = self._revisions.get(account_id, 0)
        revision, rows = self._store.read(account_id, known)
        names = _names_of(account_id, rows)
        if names:
            self._names[account_id] = names
        self._revisions[account_id] = revision


def _names_of(account_id: str, rows: Iterable[Row]) -> _Names | None:
    """Of rows that changed; None when the account's profile is not among them."""
    own = [row for row in rows if row.kind == "profile"]
    if not own:
        return None
    profile = read_live(account_id, 1, own).account.profile
    return _Names(profile.email, profile.aliases)
