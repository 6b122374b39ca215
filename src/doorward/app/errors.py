"""What the pipeline itself answers."""

from typing import Self

from doorward.errors import AwsError


class AccessDenied(AwsError):
    """403: the decision was no.

    Attributes:
        reason: Of a refusal before any decision, as whoever asks for us is told.
    """

    code = "AccessDenied"
    status = 403

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or message


class ClosedToSession(AccessDenied):
    """403: IAM is closed to these temporary credentials."""

    # AWS: it calls the token invalid, as everybody finds who leaves MFA out of GetSessionToken:
    # 99designs/aws-vault, "IAM calls fail ... without MFA". The reason is ours.
    code = "InvalidClientTokenId"

    @classmethod
    def because(cls, reason: str, *, explain: bool) -> Self:
        told = f" ({reason})" if explain else ""
        return cls(f"The security token included in the request is invalid{told}", reason)


class InternalFailure(AwsError):
    """500: a bug of ours; nothing was changed."""

    code = "InternalFailure"
    status = 500

    @classmethod
    def here(cls) -> Self:
        return cls("The request processing has failed because of an unknown error.")


class ServiceUnavailable(AwsError):
    """503: the store does not answer; the call may be repeated."""

    code = "ServiceUnavailable"
    status = 503

    @classmethod
    def store(cls) -> Self:
        return cls("The request has failed due to a temporary failure of the server.")


class NotImplementedHere(AwsError):
    """501: an operation of AWS that Doorward does not have yet."""

    code = "NotImplemented"
    status = 501

    @classmethod
    def operation(cls, service: str, name: str) -> Self:
        return cls(
            f"Doorward does not have {service}:{name} yet."
            " See `doorward status --operations` for what it has."
        )


class Throttling(AwsError):
    """400: too many failed signatures from this source or for this key."""

    code = "Throttling"
    status = 400

    @classmethod
    def rate(cls) -> Self:
        return cls("Rate exceeded")


class UnreadableRequest(AwsError):
    """A signed request, handed over as evidence, that is no call we could decide."""

    code = "UnreadableRequest"
    status = 400
