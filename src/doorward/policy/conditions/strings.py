"""String operators."""

from doorward.policy.conditions.table import operator
from doorward.policy.match import Pattern, glob


@operator("StringEquals", negation="StringNotEquals", variables=True)
def string_equals(value: str, wanted: str) -> bool:
    """Compare exactly."""
    return value == wanted


@operator("StringEqualsIgnoreCase", negation="StringNotEqualsIgnoreCase", variables=True)
def string_equals_ignore_case(value: str, wanted: str) -> bool:
    """Compare lower-cased, not case-folded: `ß` is not `SS`."""
    return value.lower() == wanted.lower()


@operator("StringLike", negation="StringNotLike", wildcards=True, variables=True)
def string_like(value: str, wanted: Pattern) -> bool:
    """Match the whole text; `*` is any run, `?` one UTF-16 unit."""
    return glob(wanted)(value)
