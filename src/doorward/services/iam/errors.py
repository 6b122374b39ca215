"""IAM's errors; AWS's exact sentences live here and only here.

Sources: recorded answers where the spec has them; else the texts AWS's users quote, unverified.
"""

from typing import Self

from doorward.errors import AwsError


class NoSuchEntity(AwsError):
    """404: what was named does not exist."""

    code = "NoSuchEntity"

    @classmethod
    def user(cls, name: str) -> Self:
        return cls(f"The user with name {name} cannot be found.")

    @classmethod
    def group(cls, name: str) -> Self:
        return cls(f"The group with name {name} cannot be found.")

    @classmethod
    def role(cls, name: str) -> Self:
        return cls(f"The role with name {name} cannot be found.")

    @classmethod
    def attachable_policy(cls, arn: str) -> Self:
        return cls(f"Policy {arn} does not exist or is not attachable.")

    @classmethod
    def access_key(cls, key_id: str) -> Self:
        return cls(f"The Access Key with id {key_id} cannot be found.")


class EntityAlreadyExists(AwsError):
    """409: the name is taken, whatever its case."""

    code = "EntityAlreadyExists"

    @classmethod
    def user(cls, name: str) -> Self:
        return cls(f"User with name {name} already exists.")


class DeleteConflict(AwsError):
    """409: something still hangs on the entity."""

    code = "DeleteConflict"

    @classmethod
    def first(cls, what: str) -> Self:
        """`what` is what must be done first, as in `delete access keys`."""
        return cls(f"Cannot delete entity, must {what} first.")


class MalformedPolicyDocument(AwsError):
    """400: a document that is no policy of the kind asked for."""

    code = "MalformedPolicyDocument"


class LimitExceeded(AwsError):
    """409: a quota of the account is used up."""

    code = "LimitExceeded"

    @classmethod
    def quota(cls, name: str, value: int) -> Self:
        return cls(f"Cannot exceed quota for {name}: {value}")


class InvalidInput(AwsError):
    """400: a value makes no sense for the operation."""

    code = "InvalidInput"

    @classmethod
    def reserved_tag(cls) -> Self:
        return cls("Tag keys beginning with aws: are reserved for system use.")

    @classmethod
    def no_tags(cls) -> Self:
        return cls("Tags list cannot be empty.")

    @classmethod
    def duplicate_tags(cls) -> Self:
        return cls("Duplicate tag keys found. Please note that Tag keys are case insensitive.")


class ValidationError(AwsError):
    """400: what the model's constraints cannot say."""

    code = "ValidationError"
    status = 400

    @classmethod
    def needs_user_name(cls) -> Self:
        return cls("Must specify userName when calling with non-User credentials")


class UnmodifiableEntity(AwsError):
    """400: a role that belongs to a service of AWS."""

    code = "UnmodifiableEntity"

    @classmethod
    def protected_role(cls, name: str) -> Self:
        return cls(
            f"Cannot perform the operation on the protected role '{name}'"
            " - this role is only modifiable by AWS"
        )

    @classmethod
    def session_duration(cls, name: str) -> Self:
        return cls(f"{name} is an AWS service linked role, max session duration cannot be changed.")
