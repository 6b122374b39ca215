"""Conditions joined by and, or and not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from doorward.policy.fields import Condition


@dataclass(frozen=True, slots=True)
class Met:
    """This condition is met; `negated`: it is not met."""

    condition: Condition
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is true; without parts, true."""

    parts: tuple["Formula", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part is true; without parts, false."""

    parts: tuple["Formula", ...] = ()


Formula: TypeAlias = Met | AllOf | AnyOf
TRUE: Final = AllOf()
FALSE: Final = AnyOf()
_MOST_COMPARED: Final = 100


def all_of(parts: Iterable[Formula]) -> Formula:
    """Every part, as short as can be."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part == FALSE:
            return FALSE
        kept.update(dict.fromkeys(part.parts if isinstance(part, AllOf) else (part,)))
    found = _shortest(kept, AnyOf)
    return found[0] if len(found) == 1 else AllOf(found)


def any_of(parts: Iterable[Formula]) -> Formula:
    """Some part, as short as can be."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part == TRUE:
            return TRUE
        kept.update(dict.fromkeys(part.parts if isinstance(part, AnyOf) else (part,)))
    found = _shortest(kept, AllOf)
    return found[0] if len(found) == 1 else AnyOf(found)


def _shortest(parts: Iterable[Formula], inner: type[AllOf | AnyOf]) -> tuple[Formula, ...]:
    """Without what another part implies: `a or (a and b)` is `a`, `a and (a or b)` too."""
    sets = {part: frozenset(part.parts if isinstance(part, inner) else (part,)) for part in parts}
    if len(sets) > _MOST_COMPARED:
        return tuple(sets)
    return tuple(
        part for part, own in sets.items() if not any(other < own for other in sets.values())
    )


def leaves(formula: Formula) -> Iterator[Met]:
    """Every condition in it."""
    if isinstance(formula, Met):
        yield formula
        return
    for part in formula.parts:
        yield from leaves(part)
