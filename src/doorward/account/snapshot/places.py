"""Where something stands in a snapshot."""

from typing import NamedTuple

from doorward.account.snapshot.errors import SnapshotError


class Place(NamedTuple):
    """A page, counted from 1, and the path on it."""

    page: int
    path: str = "$"

    def at(self, *steps: str | int) -> "Place":
        """The place further down: members by name, items by index."""
        spelled = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
        return Place(self.page, self.path + "".join(spelled))

    def fault(self, reason: str) -> SnapshotError:
        """What to raise about this place."""
        return SnapshotError(reason, page=self.page, path=self.path)
