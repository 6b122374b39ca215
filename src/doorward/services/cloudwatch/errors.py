"""CloudWatch's errors; AWS's exact sentences live here and only here. None of them is recorded."""

from collections.abc import Iterable
from typing import Self

from doorward.errors import AwsError


class ValidationError(AwsError):
    """400: a parameter CloudWatch cannot take."""

    code = "ValidationError"
    status = 400

    @classmethod
    def named(cls, what: str) -> Self:
        return cls(what)

    @classmethod
    def missing(cls, names: Iterable[str]) -> Self:
        listed = ", ".join(names)
        return cls(f"At least one of the parameters {listed} must be specified.")

    @classmethod
    def not_here(cls, what: str) -> Self:
        return cls(f"{what} is not something Doorward does")

    @classmethod
    def arn(cls, arn: str) -> Self:
        return cls(f"Invalid arn syntax: {arn[:200]}. Doorward's alarms tell SNS topics alone")


class ResourceNotFound(AwsError):
    """404: an alarm that does not exist."""

    code = "ResourceNotFound"

    @classmethod
    def alarm(cls) -> Self:
        return cls("Unknown")


class ResourceNotFoundException(AwsError):
    """404: tags of something that does not exist."""

    code = "ResourceNotFoundException"

    @classmethod
    def resource(cls, arn: str) -> Self:
        return cls(f"The resource {arn[:200]} does not exist")


class InvalidFormat(AwsError):
    """400: data that is no JSON."""

    code = "InvalidFormat"

    @classmethod
    def data(cls) -> Self:
        return cls("StateReasonData is not valid JSON")


class InvalidNextToken(AwsError):
    """400: a token that is not ours."""

    code = "InvalidNextToken"

    @classmethod
    def given(cls) -> Self:
        return cls("The next token specified is invalid.")


class LimitExceeded(AwsError):
    """400: no more alarms."""

    code = "LimitExceeded"

    @classmethod
    def alarms(cls) -> Self:
        return cls("The maximum number of alarms has been reached")
