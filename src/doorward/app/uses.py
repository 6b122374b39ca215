"""Last uses of keys and roles, gathered in memory and stored within a minute."""

from dataclasses import replace
from functools import partial

from doorward.account.activity import Activity, Use
from doorward.app.accounts import Accounts
from doorward.app.live import Live
from doorward.app.writer import Writer, Written
from doorward.store.errors import StoreUnavailable


class Uses:
    """Lives in the event loop."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._waiting: dict[str, dict[str, Use]] = {}
        self._storing: dict[str, dict[str, Use]] = {}

    def note(self, account_id: str, used_id: str, use: Use) -> None:
        """A key or a role was used."""
        self._waiting.setdefault(account_id, {})[used_id] = use

    def last_use(self, live: Live, used_id: str) -> Use | None:
        """The last use of a key or a role of the account, stored or not yet."""
        for noted in (self._waiting, self._storing):
            use = noted.get(live.account.id, {}).get(used_id)
            if use:
                return use
        return live.activity.last_use(used_id)

    async def flush(self, writer: Writer) -> None:
        """Store what waits; what cannot be stored waits on."""
        self._storing, self._waiting = self._waiting, {}
        for account_id, uses in self._storing.items():
            try:
                if _noted(self._stored(account_id), uses).touched:
                    await writer.write(account_id, partial(_written, uses))
            except StoreUnavailable:
                self._waiting[account_id] = uses | self._waiting.get(account_id, {})
        self._storing = {}

    def forget_all(self) -> None:
        """Drop what waits, for a store that was put back to an earlier state."""
        self._waiting.clear()

    def _stored(self, account_id: str) -> Activity:
        live = self._accounts.get(account_id)
        return live.activity if live else Activity()


def _noted(activity: Activity, uses: dict[str, Use]) -> Activity:
    for used_id, use in uses.items():
        activity = activity.noted(used_id, use)
    return activity


def _written(uses: dict[str, Use], live: Live) -> Written:
    return Written(replace(live, activity=_noted(live.activity, uses)), None, ())
