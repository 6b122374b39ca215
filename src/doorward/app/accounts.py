"""The accounts this node holds in memory: loaded when first used, followed when others write."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from doorward.app.live import Live, follow, read_live
from doorward.authn.key_ids import account_of
from doorward.store.unit import Row, Store


class Accounts:
    """Look-ups of live accounts, for the event loop and the threads beside it.

    Values are replaced, never changed, so whoever has one needs no lock.
    """

    def __init__(self, store: Store, capacity: int) -> None:
        self._store = store
        self._capacity = max(capacity, 1)
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._known: set[str] = set(store.accounts())
        self._lock = Lock()

    def get(self, account_id: str) -> Live | None:
        """The account as it stands on this node."""
        with self._lock:
            live = self._live.get(account_id)
            if live is not None:
                self._live.move_to_end(account_id)
                return live
        return self._load(account_id)

    def ids(self) -> list[str]:
        """Every account of this Doorward that this node knows of."""
        return sorted(self._known)

    def publish(self, live: Live) -> None:
        """Make a stored value the one that callers see, unless they see a newer one."""
        account_id = live.account.id
        with self._lock:
            held = self._live.get(account_id)
            # INVARIANT: revisions never go back. A commit's answer may come in after a newer
            # revision of another node was followed; a key deactivated there must not work again.
            if held is not None and held.revision > live.revision:
                return
            self._known.add(account_id)
            self._live[account_id] = live
            self._live.move_to_end(account_id)
            if len(self._live) > self._capacity:
                self._live.popitem(last=False)

    def owner_of_key(self, access_key_id: str) -> Live | None:
        """The account in memory whose user or root has the long-term key."""
        named = self._live.get(account_of(access_key_id) or "")
        if named and named.account.by_id(access_key_id):
            return named
        for held in tuple(self._live.values()):
            if held.account.by_id(access_key_id):
                return held
        return None

    async def fetch(self, account_id: str) -> None:
        """Bring an account into memory, without stopping the event loop for the store."""
        if account_id in self._known and account_id not in self._live:
            revision, rows = await asyncio.to_thread(self._store.read, account_id)
            self.publish(read_live(account_id, revision, rows))

    async def fetch_owner_of_key(self, access_key_id: str) -> None:
        """Bring the account of a long-term key into memory, if there is one.

        New key ids carry their account; imported ones are looked for in the store.
        """
        await self.fetch(account_of(access_key_id) or "")
        if self.owner_of_key(access_key_id) is None:
            place = f"access-key/{access_key_id}"
            owner = await asyncio.to_thread(self._store.find_row, "secret", place)
            await self.fetch(owner or "")

    def revisions(self) -> dict[str, int]:
        """The revision of every account held in memory."""
        return {account_id: live.revision for account_id, live in tuple(self._live.items())}

    def merge(self, account_id: str, revision: int, rows: Sequence[Row]) -> None:
        """Take in the rows others wrote since `revisions` was asked."""
        live = self._live.get(account_id)
        if live is not None and revision > live.revision:
            self.publish(follow(live, revision, rows))

    def know(self, account_ids: Iterable[str]) -> None:
        """Learn of accounts that others made."""
        self._known.update(account_ids)

    def forget_all(self) -> None:
        """Drop every value, for a store that was put back to an earlier state."""
        self._live.clear()
        self._known = set(self._store.accounts())

    def _load(self, account_id: str) -> Live | None:
        if account_id not in self._known:
            return None
        revision, rows = self._store.read(account_id)
        live = read_live(account_id, revision, rows)
        self.publish(live)
        return live
