"""Many actions as few patterns that match them, and nothing else AWS has."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

_WORD: Final = re.compile(r"[A-Z]*[a-z0-9]+|[A-Z]+|.")


def condensed(chosen: Collection[str], every: Sequence[str]) -> list[str]:
    """Patterns for the chosen actions of one service.

    Args:
        chosen: Names with their service, as `s3:GetObject`.
        every: All actions the service has. What is chosen and not among them stays as it is.
    """
    wanted = set(chosen)
    others = sorted(wanted.difference(every))
    service = f"{every[0].partition(':')[0]}:" if every else ""
    return [*_covering(service, sorted(every), wanted), *others]


def _covering(start: str, names: list[str], wanted: set[str]) -> Iterator[str]:
    """Patterns for those wanted of `names`, which are all that begin like this, in any case."""
    left = sorted(wanted.intersection(names))
    if not left:
        return
    if len(left) == len(names):
        yield names[0] if len(names) == 1 else f"{start}*"
        return
    while left:
        longer = _with_next_word(left[0], len(start))
        alike = [name for name in names if name.lower().startswith(longer.lower())]
        if longer == start:
            yield start
            alike = [start]
        else:
            yield from _covering(longer, alike, wanted)
        left = [name for name in left if name not in alike]


def _with_next_word(name: str, length: int) -> str:
    word = _WORD.match(name, length)
    return name[: word.end()] if word else name
