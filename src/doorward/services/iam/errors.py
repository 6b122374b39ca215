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
    def boundary_policy(cls, arn: str) -> Self:
        return cls(f"Scope ARN: {arn} does not exist or is not attachable.")

    @classmethod
    def policy(cls, arn: str) -> Self:
        return cls(f"Policy {arn} was not found.")

    @classmethod
    def policy_version(cls, arn: str, version_id: str) -> Self:
        return cls(f"Policy {arn} version {version_id} does not exist or is not attachable.")

    @classmethod
    def inline_policy(cls, holder: str, name: str) -> Self:
        """`holder` is `user`, `group` or `role`."""
        return cls(f"The {holder} policy with name {name} cannot be found.")

    @classmethod
    def member(cls, user_name: str, group_name: str) -> Self:
        return cls(f"User {user_name} not in group {group_name}")

    @classmethod
    def boundary(cls, holder: str, name: str) -> Self:
        """`holder` is `user` or `role`."""
        return cls(f"The {holder} with name {name} has no permissions boundary.")

    @classmethod
    def access_key(cls, key_id: str) -> Self:
        return cls(f"The Access Key with id {key_id} cannot be found.")


class EntityAlreadyExists(AwsError):
    """409: the name is taken, whatever its case."""

    code = "EntityAlreadyExists"

    @classmethod
    def user(cls, name: str) -> Self:
        return cls(f"User with name {name} already exists.")

    @classmethod
    def group(cls, name: str) -> Self:
        return cls(f"Group with name {name} already exists.")

    @classmethod
    def policy(cls, name: str) -> Self:
        return cls(f"A policy called {name} already exists. Duplicate names are not allowed.")


class DeleteConflict(AwsError):
    """409: something still hangs on the entity."""

    code = "DeleteConflict"

    @classmethod
    def first(cls, what: str) -> Self:
        """`what` is what must be done first, as in `delete access keys`."""
        return cls(f"Cannot delete entity, must {what} first.")

    @classmethod
    def default_version(cls) -> Self:
        return cls("Cannot delete the default version of a policy.")

    @classmethod
    def policy_versions(cls) -> Self:
        return cls(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )

    @classmethod
    def policy_in_use(cls) -> Self:
        return cls("Cannot delete a policy attached to entities.")


class MalformedPolicyDocument(AwsError):
    """400: a document that is no policy of the kind asked for."""

    code = "MalformedPolicyDocument"


class LimitExceeded(AwsError):
    """409: a quota of the account is used up."""

    code = "LimitExceeded"

    @classmethod
    def quota(cls, name: str, value: int) -> Self:
        return cls(f"Cannot exceed quota for {name}: {value}")

    @classmethod
    def policy_versions(cls, most: int) -> Self:
        return cls(
            f"A managed policy can have up to {most} versions. Before you create a new version, "
            "you must delete an existing version."
        )

    @classmethod
    def inline_size(cls, most: int, holder: str, name: str) -> Self:
        """`holder` is `user`, `group` or `role`."""
        return cls(f"Maximum policy size of {most} bytes exceeded for {holder} {name}")


class InvalidInput(AwsError):
    """400: a value makes no sense for the operation."""

    code = "InvalidInput"

    @classmethod
    def arn(cls, arn: str) -> Self:
        return cls(f"ARN {arn} is not valid.")

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


class PolicyNotAttachable(AwsError):
    """400: a policy AWS keeps for roles linked to its services."""

    code = "PolicyNotAttachable"

    @classmethod
    def of_a_service(cls) -> Self:
        return cls("Cannot attach a Service Role Policy to a Customer Role.")


class AccessDenied(AwsError):
    """403: nobody may, whatever the policies say."""

    code = "AccessDenied"
    status = 403

    @classmethod
    def aws_managed_policy(cls, caller_arn: str, action: str, arn: str) -> Self:
        return cls(
            f"User: {caller_arn} is not authorized to perform: {action} on resource: policy {arn}"
        )
