"""ARN operators: six segments, compared one by one."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from doorward.policy.arn import FIELDS
from doorward.policy.conditions.table import Unsure, operator
from doorward.policy.match import ANYTHING, Match, Pattern, Token, glob, is_long, joined

_SHORT: Final[tuple[Match, ...]] = ()


def segments(pattern: Pattern) -> tuple[Match, ...] | None:
    """A test for each of six segments; empty for a short ARN, `None` for what is no ARN at all."""
    return _apart(pattern) if is_long(pattern) else _remembered(pattern)


def _apart(pattern: Pattern) -> tuple[Match, ...] | None:
    rows: list[list[Token]] = [[]]
    for token in pattern:
        if not isinstance(token, str):
            rows[-1].append(token)
            continue
        first, *more = token.split(":", FIELDS - len(rows))
        rows[-1].append(first)
        rows.extend([piece] for piece in more)
    head = joined(rows[0])
    if len(rows) < FIELDS:
        return _SHORT if head == ("arn",) and rows[1:] else None
    if head != ("arn",) and all(isinstance(token, str) for token in head):
        return None
    return tuple(glob(joined(row)) for row in rows)


_remembered = lru_cache(maxsize=2048)(_apart)


def is_arn(text: str) -> bool:
    """Whether a stored policy may hold this value."""
    return text == "*" or text.startswith("arn:")


@operator(
    *("ArnLike", "ArnEquals"),
    negation=("ArnNotLike", "ArnNotEquals"),
    wildcards=True,
    variables=True,
    storable=is_arn,
)
def arn_like(value: str, wanted: Pattern) -> bool | None:
    """Match segment by segment, the sixth being the rest; a short ARN matches nothing.

    Raises:
        Unsure: the value is an ARN but the policy's own text is none.

    Source: what the service answered, recorded 2026-09.
    """
    return arn_test(wanted)(value)


def arn_test(wanted: Pattern) -> Callable[[str], bool | None]:
    """`arn_like` with the policy's side made ready."""
    anything = wanted == ANYTHING
    tests = _SHORT if anything else segments(wanted)

    def test(value: str) -> bool | None:
        if not value.startswith("arn:"):
            return None
        if anything:
            return True
        if tests is None:
            raise Unsure
        fields = value.split(":", FIELDS - 1)
        return len(fields) == len(tests) and all(
            one(field) for one, field in zip(tests, fields, strict=True)
        )

    return test
