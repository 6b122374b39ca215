"""The right spelling for a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.8
_LONGEST = 80


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, whatever the case; `None` if none does."""
    if len(word) > _LONGEST:
        return None
    folded = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), folded, 1, _ALIKE)
    return folded[found[0]] if found else None
