"""The errors of Doorward's own service."""

from typing import Self

from doorward.errors import AwsError


class ValidationException(AwsError):
    """400: the question cannot be understood; says where."""

    code = "ValidationException"

    @classmethod
    def at(cls, path: str, reason: str) -> Self:
        return cls(f"{path}: {reason}")

    @classmethod
    def too_many(cls, path: str, most: int) -> Self:
        return cls(
            f"1 validation error detected: Value at '{path}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}"
        )


class AccessDeniedException(AwsError):
    """403: refused for a reason no policy states."""

    code = "AccessDeniedException"

    @classmethod
    def token_makes_tokens(cls) -> Self:
        return cls("A bearer token makes and ends no tokens: sign the request instead.")


class ResourceNotFoundException(AwsError):
    """404: no such role or token."""

    code = "ResourceNotFoundException"

    @classmethod
    def role(cls, name: str) -> Self:
        return cls(f"The role with name {name} cannot be found.")

    @classmethod
    def token(cls, token_id: str) -> Self:
        return cls(f"The token with id {token_id} cannot be found.")


class ServiceQuotaExceededException(AwsError):
    """400: the account has as many tokens as it may have."""

    code = "ServiceQuotaExceededException"

    @classmethod
    def tokens(cls, most: int) -> Self:
        return cls(f"An account may have {most} tokens that have not expired. Revoke some.")
