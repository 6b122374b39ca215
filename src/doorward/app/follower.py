"""Follow what other nodes write: a poll of revisions is the truth, a notification only a hint."""

import asyncio
import logging
import time

from doorward.app.accounts import Accounts
from doorward.store.errors import StoreUnavailable
from doorward.store.unit import Store

log = logging.getLogger("doorward.follower")
POLL_S = 0.25


class Follower:
    """Lives in the event loop; reads run in a thread, values are published in the loop.

    Attributes:
        confirmed: Monotonic time at which this node last knew every revision.
    """

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store = store
        self._accounts = accounts
        self.confirmed = time.monotonic()

    @property
    def age_s(self) -> float:
        """How old this node's picture may be."""
        return time.monotonic() - self.confirmed

    async def run(self) -> None:
        """Poll for ever; an unreachable store is waited for."""
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self.follow()
            except StoreUnavailable as error:
                log.warning("cannot follow the store: %s", error)
            except Exception:
                # INVARIANT: polling never ends; what cannot be read ages this node until it
                # refuses calls.
                log.exception("cannot follow the store")

    async def follow(self) -> None:
        """Take in whatever changed."""
        started = time.monotonic()
        known = self._accounts.revisions()
        moved = await asyncio.to_thread(self._store.changed, known)
        for account_id in moved:
            since = known.get(account_id)
            if since is None:
                self._accounts.know([account_id])
                continue
            rows = await asyncio.to_thread(self._store.read, account_id, since)
            self._accounts.merge(account_id, *rows)
        self.confirmed = started
