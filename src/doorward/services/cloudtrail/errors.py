"""CloudTrail's errors; AWS's exact sentences live here and only here.

The sentences are not recorded; the codes are, or stand in the service's model.
"""

from typing import Self

from doorward.errors import AwsError


class InvalidLookupAttributes(AwsError):
    """400: more than one attribute, or one that cannot be."""

    code = "InvalidLookupAttributesException"

    @classmethod
    def several(cls) -> Self:
        return cls("You can specify only one lookup attribute.")

    @classmethod
    def attribute(cls, name: str, value: str) -> Self:
        return cls(f"The lookup attribute {name} cannot have the value {value}.")


class InvalidTimeRange(AwsError):
    """400: the time range is empty or lies ahead."""

    code = "InvalidTimeRangeException"

    @classmethod
    def reversed(cls) -> Self:
        return cls("The start time must not be after the end time.")

    @classmethod
    def ahead(cls) -> Self:
        return cls("The start time must not be in the future.")


class InvalidMaxResults(AwsError):
    """400: not 1 to 50."""

    code = "InvalidMaxResultsException"

    @classmethod
    def outside(cls, least: int, most: int) -> Self:
        return cls(f"The number of results must be between {least} and {most}.")


class InvalidNextToken(AwsError):
    """400: a token that is not ours, of another query, or too old."""

    code = "InvalidNextTokenException"

    @classmethod
    def not_valid(cls) -> Self:
        return cls("The token is not valid, has expired, or belongs to another query.")


class InvalidEventCategory(AwsError):
    """400: a category there is not."""

    code = "InvalidEventCategoryException"

    @classmethod
    def unknown(cls, name: str) -> Self:
        return cls(f"The event category {name} is not valid.")
