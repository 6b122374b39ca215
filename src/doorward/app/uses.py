"""Last uses of passwords, keys and roles, and last accesses: gathered here, stored in a minute."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from doorward.account.accesses import Access, Accesses, ServiceAccess, merged, minute_of
from doorward.account.activity import Activity, Use
from doorward.app.accounts import Accounts
from doorward.app.live import Live
from doorward.app.writer import Writer, Written
from doorward.catalog.last_accessed import is_tracked
from doorward.store.errors import StoreUnavailable

Calls = dict[str, Use]
"""The last call of each action, `service:Name`."""
LARGEST_PART = 100


@dataclass(frozen=True, slots=True)
class Noted:
    """What one account has to store: the first and the last of the uses, and the calls."""

    uses: dict[str, tuple[Use, Use]] = field(default_factory=dict)
    calls: dict[str, Calls] = field(default_factory=dict)

    def use(self, used_id: str, use: Use) -> None:
        """A password, key or role was used."""
        known = self.uses.get(used_id)
        self.uses[used_id] = (known[0] if known else use, use)

    def call(self, principal_id: str, action: str, use: Use) -> None:
        """A user or role called an action."""
        calls = self.calls.get(principal_id)
        if calls is None:
            calls = self.calls[principal_id] = {}
        calls[action] = use

    def before(self, later: "Noted") -> "Noted":
        """This, and what came after it."""
        uses = {
            used_id: (self.uses.get(used_id, pair)[0], pair[1])
            for used_id, pair in later.uses.items()
        }
        calls = {
            principal_id: self.calls.get(principal_id, {}) | calls
            for principal_id, calls in later.calls.items()
        }
        return Noted(self.uses | uses, self.calls | calls)

    def parts(self) -> "Iterator[Noted]":
        """The same in small parts."""
        uses, calls = iter(self.uses.items()), iter(self.calls.items())
        while part := dict(islice(uses, LARGEST_PART)):
            yield Noted(uses=part)
        while some := dict(islice(calls, LARGEST_PART)):
            yield Noted(calls=some)

    def on(self, activity: Activity) -> Activity:
        """The activity with all this."""
        uses = [(used_id, use) for used_id, pair in self.uses.items() for use in pair]
        accesses = {who: accesses_in(calls) for who, calls in self.calls.items()}
        return activity.with_uses(uses).with_accesses(accesses)


class Uses:
    """Lives in the event loop; threads beside it may ask."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._waiting: dict[str, Noted] = {}
        self._storing: dict[str, Noted] = {}

    def note(self, account_id: str, used_id: str, use: Use) -> None:
        """A password, a key or a role was used."""
        self._of(account_id).use(used_id, use)

    def note_call(self, account_id: str, principal_id: str, action: str, use: Use) -> None:
        """A user or role called an action, allowed or not."""
        self._of(account_id).call(principal_id, action, use)

    def last_use(self, live: Live, used_id: str) -> Use | None:
        """The last use of a password, key or role of the account, stored or not yet."""
        pairs = [noted.uses.get(used_id, ()) for noted in self._unstored(live)]
        if not any(pairs):
            return live.activity.last_use(used_id)
        uses = [(used_id, use) for pair in pairs for use in pair]
        return live.activity.with_uses(uses).last_use(used_id)

    def accesses(self, live: Live, principal_id: str) -> Accesses:
        """The last accesses of a user or role of the account, stored or not yet."""
        found = live.activity.accesses_of(principal_id)
        for noted in self._unstored(live):
            calls = noted.calls.get(principal_id)
            if calls:
                found = merged(found, accesses_in(calls.copy()))
        return found

    async def flush(self, writer: Writer) -> None:
        """Store what waits; what cannot be stored waits on."""
        self._storing, self._waiting = self._waiting, {}
        for account_id, noted in self._storing.items():
            try:
                for part in noted.parts():
                    await self._store(writer, account_id, part)
            except StoreUnavailable:
                self._waiting[account_id] = noted.before(self._of(account_id))
        self._storing = {}

    def forget_all(self) -> None:
        """Drop what waits, for a store that was put back to an earlier state."""
        self._waiting.clear()

    def _of(self, account_id: str) -> Noted:
        noted = self._waiting.get(account_id)
        if noted is None:
            noted = self._waiting[account_id] = Noted()
        return noted

    def _unstored(self, live: Live) -> list[Noted]:
        kept = (noted.get(live.account.id) for noted in (self._storing, self._waiting))
        return [noted for noted in kept if noted]

    async def _store(self, writer: Writer, account_id: str, part: Noted) -> None:
        live = self._accounts.get(account_id)
        before = live.activity if live else Activity()
        after = part.on(before)
        if after is before:
            # What is known already costs time as well; others have their turn.
            await asyncio.sleep(0)
        else:
            await writer.write(account_id, partial(_written, part, before, after))


def accesses_in(calls: Mapping[str, Use]) -> Accesses:
    """The last accesses that these calls come to; of actions only those AWS tracks."""
    found: dict[str, ServiceAccess] = {}
    for action, use in calls.items():
        service, _, name = action.partition(":")
        one = Access(minute_of(use.at), use.region)
        actions = {name: one} if is_tracked(action) else {}
        found = {**merged(found, {service: ServiceAccess(*one, actions)})}
    return found


def _written(part: Noted, before: Activity, after: Activity, live: Live) -> Written:
    activity = after if live.activity is before else part.on(live.activity)
    return Written(replace(live, activity=activity), None, ())
