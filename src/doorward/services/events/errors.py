"""EventBridge's errors; AWS's exact sentences live here and only here. None of them is recorded."""

from typing import Self

from doorward.errors import AwsError


class ResourceNotFoundException(AwsError):
    """400: a rule or event bus that does not exist."""

    code = "ResourceNotFoundException"

    @classmethod
    def rule(cls, name: str) -> Self:
        return cls(f"Rule {name} does not exist on EventBus default.")

    @classmethod
    def bus(cls, name: str) -> Self:
        return cls(f"Event bus {name} does not exist.")

    @classmethod
    def resource(cls, arn: str) -> Self:
        return cls(f"The resource {arn[:200]} does not exist.")


class InvalidEventPatternException(AwsError):
    """400: a pattern that is not of the language."""

    code = "InvalidEventPatternException"

    @classmethod
    def because(cls, why: str) -> Self:
        return cls(why)


class ValidationException(AwsError):
    """400: a parameter EventBridge cannot take."""

    code = "ValidationException"
    status = 400

    @classmethod
    def neither(cls) -> Self:
        return cls("Parameter(s) EventPattern or ScheduleExpression must be specified.")

    @classmethod
    def not_here(cls, what: str) -> Self:
        return cls(f"{what} is not something Doorward does.")

    @classmethod
    def has_targets(cls) -> Self:
        return cls("Rule can't be deleted since it has targets.")

    @classmethod
    def token(cls) -> Self:
        return cls("The NextToken is not valid.")

    @classmethod
    def inputs(cls, target_id: str) -> Self:
        return cls(f"Only one of Input, InputPath must be provided for target {target_id}.")


class LimitExceededException(AwsError):
    """400: no more of them."""

    code = "LimitExceededException"

    @classmethod
    def reached(cls) -> Self:
        return cls("The requested resource exceeds the maximum number allowed.")
