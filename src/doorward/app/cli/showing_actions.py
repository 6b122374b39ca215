"""What a principal may do as text: many actions as few patterns that match nothing else."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from doorward.catalog.actions import actions_of, service_prefixes

WIDTH: Final = 100
_LABELS: Final = {
    "always": "",
    "sometimes": ", on some resources or under conditions",
    "guarded": ", if the resource's own policy allows too",
}
_WHOLE: Final = {
    "always": "everything in",
    "sometimes": "everything, on some resources or under conditions, in",
}
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


def actions_text(answer: Mapping[str, Any]) -> str:
    """What a person reads of an answer of `WhatCan`."""
    counts, resource = answer["counts"], answer["resource"]
    many = f"{counts['always']} action{'s' * (counts['always'] != 1)}" + (
        "" if resource else f" on any resource, {counts['sometimes']} on some or under conditions"
    )
    head = f"ALLOWED: {many}" if answer["allowed"] else "NOTHING"
    where = f"  on {resource}" if resource else ""
    lines = [f"{head}  {answer['principal']}{where}"]
    services = answer["services"]
    shown: set[str] = set()
    for state in ("always", "sometimes"):
        whole = [name for name, each in services.items() if _is_whole(name, each, state)]
        if whole:
            lines += _wrapped(_WHOLE[state], _all_of(whole))
        shown.update(whole)
    for name, each in services.items():
        if name not in shown:
            lines += _of_service(name, each)
    return "\n".join(lines)


def _all_of(whole: Sequence[str]) -> str:
    """These services, or which are not among them where those are fewer."""
    others = [name for name in service_prefixes() if name not in whole]
    if len(others) >= len(whole):
        return ", ".join(whole)
    return "every service" + (f" but {', '.join(others)}" if others else "")


def _is_whole(service: str, each: Mapping[str, list[str]], state: str) -> bool:
    return 0 < len(each[state]) == len(actions_of(service)) and not each["guarded"]


def _of_service(service: str, each: Mapping[str, list[str]]) -> Iterator[str]:
    every, guarded = actions_of(service), frozenset(each["guarded"])
    for state, label in _LABELS.items():
        chosen = guarded if state == "guarded" else frozenset(each[state]) - guarded
        patterns = condensed(chosen, every)
        if patterns:
            names = ", ".join(pattern.partition(":")[2] for pattern in patterns)
            yield from _wrapped(f"{service}{label}", names)


def _wrapped(label: str, text: str) -> list[str]:
    return wrap(
        f"{label}: {text}",
        WIDTH,
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
