"""An account as a node holds it: account, vault and activity at one revision, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from rpds import HashTrieMap

from doorward.account.account import KINDS, Account
from doorward.account.activity import Activity, Use
from doorward.store.unit import Row

SECRET = "secret"  # noqa: S105 - the kind of a row
ACTIVITY = "activity"
ACCESSES = "accesses"
_EMPTY: HashTrieMap[Any, Any] = HashTrieMap()
_UNUSED = Activity()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Live:
    """One account in memory.

    Attributes:
        secrets: Name -> sealed secret; `unsealed` keeps nothing.
        revision: The store's revision these values were read at or written as.
        secrets_touched: Names changed since the value was settled.
    """

    account: Account
    secrets: HashTrieMap[str, bytes] = _EMPTY
    activity: Activity = _UNUSED
    revision: int = 0
    secrets_touched: frozenset[str] = frozenset()

    def with_secret(self, name: str, sealed: bytes | None) -> Live:
        """Keep a sealed secret, or forget the one of that name."""
        secrets = (
            self.secrets.discard(name) if sealed is None else self.secrets.insert(name, sealed)
        )
        return replace(self, secrets=secrets, secrets_touched=self.secrets_touched | {name})

    def rows(self) -> tuple[Row, ...]:
        """What differs from the last settled value, as the store keeps it."""
        return (*self._entity_rows(), *self._secret_rows(), *self._activity_rows())

    def settled(self, revision: int) -> Live:
        """The same values, stored at that revision."""
        return Live(self.account.settled(), self.secrets, self.activity.settled(), revision)

    def _entity_rows(self) -> Iterator[Row]:
        for kind, key in sorted(self.account.touched):
            entity = self.account.at((kind, key))
            yield Row(kind, key, None if entity is None else msgspec.json.encode(entity))

    def _secret_rows(self) -> Iterator[Row]:
        for name in sorted(self.secrets_touched):
            yield Row(SECRET, name, self.secrets.get(name))

    def _activity_rows(self) -> Iterator[Row]:
        for used in sorted(self.activity.touched):
            yield Row(ACTIVITY, used, msgspec.json.encode(self.activity.last_use(used)))
        for principal in sorted(self.activity.accesses_touched):
            yield Row(ACCESSES, principal, self.activity.accesses.get(principal))


_DECODERS = {kind: msgspec.json.Decoder(cls) for kind, cls in KINDS.items()}
_USE = msgspec.json.Decoder(Use)


def read_live(account_id: str, revision: int, rows: Iterable[Row]) -> Live:
    """Build an account from all its rows."""
    entities, secrets, uses, accesses = [], {}, {}, {}
    for kind, key, body in rows:
        if body is None:
            continue
        if kind == SECRET:
            secrets[key] = body
        elif kind == ACTIVITY:
            uses[key] = _USE.decode(body)
        elif kind == ACCESSES:
            accesses[key] = body
        else:
            entities.append(_DECODERS[kind].decode(body))
    return Live(
        Account.of(account_id, entities),
        HashTrieMap(secrets),
        Activity(HashTrieMap(uses), HashTrieMap(accesses)),
        revision,
    )


def follow(live: Live, revision: int, rows: Iterable[Row]) -> Live:
    """The account after the rows another node wrote."""
    account, secrets = live.account, live.secrets
    uses, accesses = live.activity.uses, live.activity.accesses
    for kind, key, body in rows:
        if kind == SECRET:
            secrets = secrets.discard(key) if body is None else secrets.insert(key, body)
        elif kind == ACTIVITY:
            uses = uses.discard(key) if body is None else uses.insert(key, _USE.decode(body))
        elif kind == ACCESSES:
            accesses = accesses.discard(key) if body is None else accesses.insert(key, body)
        elif body is not None:
            account = account.put(_DECODERS[kind].decode(body))
        elif (gone := account.at((kind, key))) is not None:
            account = account.drop(gone)
    activity = replace(live.activity, uses=uses, accesses=accesses)
    return Live(account.settled(), secrets, activity, revision)
