"""The right spelling for a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.8
_LONGEST = 80


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, whatever the case; `None` if none does."""
    return next(iter(alike(word, known)), None)


def alike(word: str, known: Iterable[str]) -> list[str]:
    """Up to three known words that look like this one, whatever the case, the nearest first."""
    if len(word) > _LONGEST:
        return []
    folded = {each.lower(): each for each in known}
    return [folded[each] for each in get_close_matches(word.lower(), folded, 3, _ALIKE)]
