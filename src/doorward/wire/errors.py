"""What the wire itself refuses, before any service is asked."""

from typing import Self

from doorward.errors import AwsError


class MalformedInput(AwsError):
    """400: a value of the query protocol has the wrong lexical form."""

    code = "MalformedInput"
    status = 400


class SerializationException(AwsError):
    """400: what the JSON protocols say where the query protocol says MalformedInput."""

    code = "SerializationException"
    status = 400


class MissingAction(AwsError):
    """400: a request of the query protocol without an Action."""

    code = "MissingAction"
    status = 400

    @classmethod
    def parameter(cls) -> Self:
        """No Action was sent."""
        return cls("The request is missing an action or a required parameter.")


class InvalidAction(AwsError):
    """400: no such operation, or no such version, in the query protocol."""

    code = "InvalidAction"
    status = 400

    @classmethod
    def named(cls, action: str, version: str | None) -> Self:
        """The action and version asked for."""
        asked = version or "NO_VERSION_SPECIFIED"
        return cls(f"Could not find operation {action} for version {asked}")


class UnknownOperationException(AwsError):
    """400: no such operation in the JSON protocols (404 where the path names it)."""

    code = "UnknownOperationException"
    status = 400

    @classmethod
    def anywhere(cls) -> Self:
        """Nothing served here has it."""
        return cls("The requested operation is not recognized by the service.")


class ValidationError(AwsError):
    """400: parameters break the model's constraints (query protocol)."""

    code = "ValidationError"
    status = 400


class ValidationException(AwsError):
    """400: parameters break the model's constraints (JSON protocols)."""

    code = "ValidationException"
    status = 400


class InvalidInputException(AwsError):
    """400: how Organizations says that a parameter breaks the model's constraints."""

    code = "InvalidInputException"
    status = 400


class UriTooLong(AwsError):
    """414: path and query exceed their bound."""

    code = "RequestUriTooLong"
    status = 414


class HeadersTooLarge(AwsError):
    """431: the headers together exceed their bound."""

    code = "RequestHeaderSectionTooLarge"
    status = 431


class BodyTooLarge(AwsError):
    """413: the body exceeds the operation's bound."""

    code = "RequestEntityTooLarge"
    status = 413


class RepeatedHeader(AwsError):
    """400: a header that must be single came twice."""

    code = "InvalidRequest"
    status = 400

    @classmethod
    def named(cls, name: str) -> Self:
        """The header that came twice."""
        return cls(f"The header {name} may be sent only once.")
