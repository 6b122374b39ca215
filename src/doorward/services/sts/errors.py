"""STS's errors; AWS's exact sentences live here and only here.

Sources: recorded answers where the spec has them; else the texts AWS's users quote, unverified.
"""

from typing import Self

from doorward.errors import AwsError


class AccessDenied(AwsError):
    """403: refused for a reason no policy states."""

    code = "AccessDenied"
    status = 403

    @classmethod
    def root_assumes(cls) -> Self:
        return cls("Roles may not be assumed by root accounts.")

    @classmethod
    def unknown_mfa_device(cls) -> Self:
        # AWS: two spaces between the sentences.
        return cls(
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your"
            " MFA serial number is valid and associated with this user."
        )

    @classmethod
    def wrong_mfa_code(cls) -> Self:
        # AWS: with a space at the end.
        return cls("MultiFactorAuthentication failed with invalid MFA one time pass code. ")

    @classmethod
    def not_authorized(cls, caller_arn: str, action: str, resource: str) -> Self:
        return cls(
            f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource}"
        )


class ValidationError(AwsError):
    """400: what the model's constraints cannot say."""

    code = "ValidationError"
    status = 400

    @classmethod
    def not_an_arn(cls, text: str) -> Self:
        return cls(f"{text} is invalid")

    @classmethod
    def not_a_role(cls) -> Self:
        return cls("Request ARN is invalid")

    @classmethod
    def too_long_for_role(cls) -> Self:
        return cls(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )

    @classmethod
    def too_long_for_chain(cls) -> Self:
        return cls(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
            " role chaining"
        )

    @classmethod
    def half_an_mfa_code(cls) -> Self:
        return cls("must provide both MFA serial number and one time pass code")

    @classmethod
    def longer_than(cls, member: str, most: int) -> Self:
        return cls(
            f"1 validation error detected: Value at '{member}' failed to satisfy constraint:"
            f" Member must have length less than or equal to {most}"
        )

    @classmethod
    def policies_too_long(cls, most: int) -> Self:
        return cls(
            "The plain text of the session policies, inline and managed together, exceeds"
            f" {most} characters."
        )

    @classmethod
    def unknown_policy(cls, arn: str) -> Self:
        return cls(f"Policy {arn} does not exist or is not attachable.")

    @classmethod
    def unknown_context(cls) -> Self:
        return cls("The provided context assertion could not be validated.")

    @classmethod
    def unknown_key_id(cls) -> Self:
        return cls("The access key ID does not name an account.")


class InvalidParameterValue(AwsError):
    """400: session tags that make no sense together."""

    code = "InvalidParameterValue"
    status = 400

    @classmethod
    def reserved_tag(cls) -> Self:
        return cls("Tag keys beginning with aws: are reserved for system use.")

    @classmethod
    def duplicate_tags(cls) -> Self:
        return cls("Duplicate tag keys found. Please note that Tag keys are case insensitive.")

    @classmethod
    def transitive_not_passed(cls) -> Self:
        return cls("The specified transitive tag key must be included in the requested tags.")

    @classmethod
    def transitive_passed_again(cls) -> Self:
        return cls(
            "One of the specified transitive tag keys can't be set because it conflicts with a"
            " transitive tag key from the calling session."
        )

    @classmethod
    def too_many_tags(cls, most: int) -> Self:
        return cls(f"A session cannot have more than {most} tags, inherited ones included.")


class MalformedPolicyDocument(AwsError):
    """400: the inline session policy is no policy."""

    code = "MalformedPolicyDocument"


class PackedPolicyTooLarge(AwsError):
    """400: session policies and tags together do not fit into the token."""

    code = "PackedPolicyTooLarge"

    @classmethod
    def policy(cls, percent: int) -> Self:
        return cls(
            f"Packed policy consumes {percent}% of allotted space, please use smaller policy."
        )

    @classmethod
    def tags(cls, percent: int) -> Self:
        return cls(f"Packed size of session tags consumes {percent}% of allotted space.")


class InvalidAuthorizationMessage(AwsError):
    """400: an encoded message that is not ours, of another account, or too old."""

    code = "InvalidAuthorizationMessageException"

    @classmethod
    def not_valid(cls) -> Self:
        return cls("Message is not valid")
