"""Conditions joined by and, or and not."""

from dataclasses import dataclass
from typing import TypeAlias

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
TRUE = AllOf()
FALSE = AnyOf()
