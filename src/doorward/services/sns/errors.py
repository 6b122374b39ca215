"""SNS's errors; AWS's exact sentences live here and only here. None of them is recorded."""

from typing import Self

from doorward.errors import AwsError


class InvalidParameter(AwsError):
    """400: a parameter SNS cannot take."""

    code = "InvalidParameter"

    @classmethod
    def named(cls, what: str) -> Self:
        return cls(f"Invalid parameter: {what}")

    @classmethod
    def not_here(cls, what: str) -> Self:
        return cls(f"Invalid parameter: {what} is not something Doorward does")


class NotFound(AwsError):
    """404: a topic or subscription that does not exist."""

    code = "NotFound"

    @classmethod
    def topic(cls) -> Self:
        return cls("Topic does not exist")

    @classmethod
    def subscription(cls) -> Self:
        return cls("Subscription does not exist")


class ResourceNotFound(AwsError):
    """404: tags of something that does not exist."""

    code = "ResourceNotFound"

    @classmethod
    def resource(cls) -> Self:
        return cls("Resource does not exist")


class LimitExceeded(AwsError):
    """403: no more subscriptions."""

    code = "SubscriptionLimitExceeded"

    @classmethod
    def subscriptions(cls) -> Self:
        return cls("Subscription count exceeds the quota")


class TopicLimitExceeded(AwsError):
    """403: no more topics."""

    code = "TopicLimitExceeded"

    @classmethod
    def topics(cls) -> Self:
        return cls("Topic count exceeds the quota")
