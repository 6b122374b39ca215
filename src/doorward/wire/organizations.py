"""How AWS Organizations names a broken constraint: a reason code and a fixed sentence.

Source: recorded answers of September 2026; the sentences marked here as ours were not seen.
"""

from collections.abc import Mapping
from types import MappingProxyType

from doorward.catalog.models import snake
from doorward.wire.errors import InvalidInputException
from doorward.wire.violations import Violation

_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "required": ("INPUT_REQUIRED", "You must provide a value for the parameter."),
        "pattern": (
            "INVALID_PATTERN",
            "You provided a value that does not match the required pattern.",
        ),
        "max_length": (
            "MAX_LENGTH_EXCEEDED",
            "You specified a string that exceeds that maximum length.",
        ),
        "enum": ("INVALID_ENUM", "You specified an invalid value."),
        # Ours: the reasons were recorded, their sentences were not.
        "min_length": ("MIN_LENGTH_EXCEEDED", "You specified a string that is too short."),
        "max_value": ("MAX_VALUE_EXCEEDED", "You specified a value that is too large."),
        "min_value": ("MIN_VALUE_EXCEEDED", "You specified a value that is too small."),
    }
)


def refusal(violation: Violation) -> InvalidInputException:
    """The error for the first broken constraint; `TAGS_2_MEMBER_KEY` names the place."""
    code, message = _REASONS[violation.constraint.kind]
    place = "_".join(snake(part).upper() for part in violation.path.split("."))
    return InvalidInputException(message, Reason=f"{code}:{place}")
