"""CloudWatch Logs' errors; AWS's exact sentences live here and only here. None is recorded."""

from typing import Self

from doorward.errors import AwsError


class InvalidParameter(AwsError):
    """400: a parameter CloudWatch Logs cannot take."""

    code = "InvalidParameterException"

    @classmethod
    def pattern(cls, why: str) -> Self:
        return cls(f"Invalid metric filter pattern: {why}")

    @classmethod
    def named(cls, what: str) -> Self:
        return cls(f"Invalid parameter: {what}")

    @classmethod
    def not_here(cls, name: str) -> Self:
        return cls(f"{name} is not something Doorward does")

    @classmethod
    def of_the_trail(cls) -> Self:
        return cls("The log group doorward/trail is written by Doorward alone")


class ResourceNotFound(AwsError):
    """400: a log group, log stream or filter that does not exist."""

    code = "ResourceNotFoundException"

    @classmethod
    def group(cls) -> Self:
        return cls("The specified log group does not exist.")

    @classmethod
    def stream(cls) -> Self:
        return cls("The specified log stream does not exist.")

    @classmethod
    def metric_filter(cls) -> Self:
        return cls("The specified metric filter does not exist.")


class ResourceAlreadyExists(AwsError):
    """400: a name that is taken."""

    code = "ResourceAlreadyExistsException"

    @classmethod
    def group(cls) -> Self:
        return cls("The specified log group already exists")

    @classmethod
    def stream(cls) -> Self:
        return cls("The specified log stream already exists")


class LimitExceeded(AwsError):
    """400: no more of them."""

    code = "LimitExceededException"

    @classmethod
    def reached(cls) -> Self:
        return cls("Resource limit exceeded.")
