"""What a parameter did wrong, and AWS's sentence for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doorward.wire.constraints import Constraint
from doorward.wire.scalars import iso_time

BAD_PATH = (
    "The specified value for path is invalid. It must begin and end with / and contain only"
    " alphanumeric characters and/or / characters."
)
BAD_MARKER = (
    "The specified value for marker is invalid. It must contain only printable ASCII characters."
)
MOST_LISTED = 10
"""AWS names no more violations than these in one answer (recorded)."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One constraint broken by one value.

    Attributes:
        path: As AWS writes it: `tags.1.member.value`.
        value: None when it was absent.
        constraint: Which.
        secret: The model calls the value sensitive: it is never repeated.
    """

    path: str
    value: Any
    constraint: Constraint
    secret: bool = False


def sentence_of(violations: Sequence[Violation], *, names_values: bool) -> str:
    """`2 validation errors detected: ...; ...`; IAM does not repeat the values, others do."""
    if not names_values and (own := _own_sentence(violations)):
        return own
    listed = "; ".join(_one(violation, names_values=names_values) for violation in violations)
    plural = "" if len(violations) == 1 else "s"
    return f"{len(violations)} validation error{plural} detected: {listed}"


def _own_sentence(violations: Sequence[Violation]) -> str | None:
    """What IAM alone says, where one parameter does not fit its pattern."""
    # AWS: a path with CreateVirtualMFADevice, an empty marker with last accesses; both recorded.
    sentence = {"path": BAD_PATH, "marker": BAD_MARKER}.get(violations[0].path)
    of_one = len({each.path for each in violations}) == 1
    return sentence if of_one and violations[-1].constraint.kind == "pattern" else None


def _one(violation: Violation, *, names_values: bool) -> str:
    shown = f" {_shown(violation)}" if names_values and not violation.secret else ""
    return (
        f"Value{shown} at '{violation.path}' failed to satisfy constraint: "
        f"{violation.constraint.sentence}"
    )


def _shown(violation: Violation) -> str:
    return "null" if violation.value is None else f"'{_text(violation.value)}'"


def _text(value: Any) -> str:
    """A value as Java's toString prints it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return iso_time(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}={_text(inner)}' for key, inner in value.items())}}}"
    return str(value)
