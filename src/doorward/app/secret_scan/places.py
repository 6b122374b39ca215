"""Where a key was found, and what was passed over."""

from collections.abc import Callable
from dataclasses import dataclass, field

from doorward.app.secret_scan.text import Hit

LARGEST = 10 * 1024 * 1024
"""Bytes of a file from which on it is passed over: no source is that large."""


BINARY = "binary"
"""Why most files are passed over that are."""


@dataclass(slots=True)
class Found:
    """All that is known of one id.

    Attributes:
        secrets: Those that stood beside it.
        places: `path:line`, with the commit before it where it is of the history.
    """

    key_id: str
    secrets: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What a scan has seen so far.

    Attributes:
        texts: How many files and versions were read.
        skipped: Place -> why it was not read.
        on_text: Called before each text, for progress.
    """

    found: dict[str, Found] = field(default_factory=dict)
    texts: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    on_text: Callable[[int], None] = lambda _: None
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def count(self) -> None:
        """One more text is read."""
        self.texts += 1
        self.on_text(self.texts)

    def add(self, hit: Hit, place: str) -> None:
        """An id, and where."""
        one = self.found.setdefault(hit.key_id, Found(hit.key_id))
        if hit.secret:
            one.secrets.add(hit.secret)
        where = f"{place}:{hit.line}"
        # SPEED: a log may hold one id a hundred thousand times.
        if (hit.key_id, where) not in self._seen:
            self._seen.add((hit.key_id, where))
            one.places.append(where)
