"""The table of condition operators: one value against one value, everything else done once."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

Compare: TypeAlias = Callable[[str, Any], bool | None]
_Function = TypeVar("_Function", bound=Compare)


class Unsure(Exception):  # noqa: N818 - a verdict, not a fault of ours
    """The policy's own value cannot be judged: the block is false in an Allow, true in a Deny."""


class Operator(NamedTuple):
    """How a condition operator compares.

    Attributes:
        compare: One request value against one policy value. `False` lets the negation match;
            `None` means the request value is not comparable: neither form matches.
        negated: Whether this name asks for no match.
        wildcards: Whether `compare` gets a `Pattern`, not text.
        variables: Whether the policy value may hold variables.
        storable: Whether a stored policy may hold this value.
        always_typed: Whether even a session policy may not hold other values.
    """

    name: str
    compare: Compare
    negated: bool
    wildcards: bool
    variables: bool
    storable: Callable[[str], bool]
    always_typed: bool


OPERATORS: Final[dict[str, Operator]] = {}
"""By name in lower case."""


def any_text(_: str) -> bool:
    """Every text may be stored."""
    return True


def operator(
    *names: str,
    negation: str | tuple[str, ...] = (),
    wildcards: bool = False,
    variables: bool = False,
    storable: Callable[[str], bool] = any_text,
    always_typed: bool = False,
) -> Callable[[_Function], _Function]:
    """Enter a comparison under its names, and the negation of it under its own."""
    negations = (negation,) if isinstance(negation, str) else negation

    def enter(compare: _Function) -> _Function:
        for name in (*names, *negations):
            OPERATORS[name.lower()] = Operator(
                name=name,
                compare=compare,
                negated=name in negations,
                wildcards=wildcards,
                variables=variables,
                storable=storable,
                always_typed=always_typed,
            )
        return compare

    return enter
