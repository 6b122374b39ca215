"""When each access key and role was last used; a value like the account, kept beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from rpds import HashTrieMap

_EMPTY: HashTrieMap[Any, Any] = HashTrieMap()


class Use(NamedTuple):
    """The last use of a key or a role."""

    at: datetime
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Last uses by access key id (`AKIA...`) or role id (`AROA...`).

    Attributes:
        uses: Id -> last use.
        touched: Ids whose use changed since the value was `settled`, for the store.
    """

    uses: HashTrieMap[str, Use] = _EMPTY
    touched: frozenset[str] = frozenset()

    def last_use(self, used_id: str) -> Use | None:
        """The last use of that key or role."""
        return self.uses.get(used_id)

    def noted(self, used_id: str, use: Use) -> Activity:
        """The activity with this use; uses in the same minute at the same place are one."""
        last = self.uses.get(used_id)
        if last and (last.region, last.service) == (use.region, use.service):
            elapsed_s = (use.at - last.at).total_seconds()
            if elapsed_s < 60:  # noqa: PLR2004 - a minute is the promised resolution
                return self
        return replace(self, uses=self.uses.insert(used_id, use), touched=self.touched | {used_id})

    def settled(self) -> Activity:
        """The same uses, with nothing left to store."""
        return replace(self, touched=frozenset()) if self.touched else self
