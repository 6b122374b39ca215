"""When each password, key, role, service and action was last used; kept beside the account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from rpds import HashTrieMap

from doorward.account.accesses import EVERY_MINUTE, Accesses, merged, packed, unpacked

_EMPTY: HashTrieMap[Any, Any] = HashTrieMap()
PASSWORD = "password/"  # noqa: S105 - what its id begins with
PASSWORD_SPAN = timedelta(minutes=5)
KEY_SPAN = timedelta(minutes=15)


def password_id(holder: str) -> str:
    """Under which the use of a password is noted: of a user's unique id, or the account's id."""
    return f"{PASSWORD}{holder}"


class First(NamedTuple):
    """The first use of a span of time."""

    at: datetime
    region: str
    service: str


class Use(NamedTuple):
    """The last use of a password, a key or a role.

    Attributes:
        first: The first use of the span that `at` is in; None: this one.
    """

    at: datetime
    region: str
    service: str
    first: First | None = None

    @property
    def reported(self) -> First:
        """What the credential report shows: of several uses within a span the first.

        Source: IAM guide, credential reports: 15 minutes for a key, 5 for a password.
        """
        return self.first or First(self.at, self.region, self.service)

    def after(self, last: Use | None, span: timedelta) -> Use:
        """This use, knowing the one before it."""
        if last is None or self.at - last.reported.at >= span:
            return self
        return self._replace(first=last.reported)


@dataclass(frozen=True, slots=True)
class Activity:
    """Last uses, and the last accesses of principals.

    Attributes:
        uses: By access key id (`AKIA...`), role id (`AROA...`) or `password/ID`.
        accesses: By user id or role id, packed: most are never looked at.
        touched: Ids whose use changed since the value was `settled`, for the store.
        accesses_touched: Ids whose accesses did.
    """

    uses: HashTrieMap[str, Use] = _EMPTY
    accesses: HashTrieMap[str, bytes] = _EMPTY
    touched: frozenset[str] = frozenset()
    accesses_touched: frozenset[str] = frozenset()

    def last_use(self, used_id: str) -> Use | None:
        """The last use of that password, key or role."""
        return self.uses.get(used_id)

    def accesses_of(self, principal_id: str) -> Accesses:
        """The last accesses of a user or role."""
        known = self.accesses.get(principal_id)
        return unpacked(known) if known else {}

    def noted(self, used_id: str, use: Use) -> Activity:
        """The activity with this use; uses in the same minute at the same place are one."""
        return self.with_uses(((used_id, use),))

    def with_uses(self, noted: Iterable[tuple[str, Use]]) -> Activity:
        """The activity with these uses, each as by `noted`, in this order."""
        uses, touched = self.uses, set(self.touched)
        for used_id, use in noted:
            last = uses.get(used_id)
            if last is None or _is_news(last, use):
                span = PASSWORD_SPAN if used_id.startswith(PASSWORD) else KEY_SPAN
                uses = uses.insert(used_id, use.after(last, span))
                touched.add(used_id)
        if uses is self.uses:
            return self
        return replace(self, uses=uses, touched=frozenset(touched))

    def with_accesses(self, noted: Mapping[str, Accesses]) -> Activity:
        """The activity with further accesses, by principal."""
        accesses, touched = self.accesses, set(self.accesses_touched)
        for principal_id, more in noted.items():
            known = self.accesses_of(principal_id)
            after = merged(known, more)
            if after != known:
                accesses = accesses.insert(principal_id, packed(after))
                touched.add(principal_id)
        if accesses is self.accesses:
            return self
        return replace(self, accesses=accesses, accesses_touched=frozenset(touched))

    def without(self, is_gone: Callable[[str], bool]) -> Activity:
        """The activity without the accesses of principals that are gone."""
        gone = [principal_id for principal_id in self.accesses if is_gone(principal_id)]
        accesses = self.accesses
        for principal_id in gone:
            accesses = accesses.remove(principal_id)
        if not gone:
            return self
        touched = self.accesses_touched.union(gone)
        return replace(self, accesses=accesses, accesses_touched=touched)

    def settled(self) -> Activity:
        """The same uses, with nothing left to store."""
        if not self.touched and not self.accesses_touched:
            return self
        return replace(self, touched=frozenset(), accesses_touched=frozenset())


def _is_news(last: Use, use: Use) -> bool:
    """A minute is the promised resolution; nodes may tell of their uses out of order."""
    is_elsewhere = (last.region, last.service) != (use.region, use.service)
    return use.at - last.at >= (timedelta() if is_elsewhere else EVERY_MINUTE)
