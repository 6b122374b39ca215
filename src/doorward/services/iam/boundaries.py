"""Permissions boundaries of users and roles."""

from doorward.catalog import managed_policies
from doorward.services.call import Call
from doorward.services.iam.errors import NoSuchEntity


def refuse_unknown(call: Call, arn: str | None) -> None:
    """Refuse a boundary, or an attachment, of a managed policy that does not exist."""
    if arn is not None and not exists(call, arn):
        raise NoSuchEntity.attachable_policy(arn)


def exists(call: Call, arn: str) -> bool:
    """The ARN is a customer managed policy of this account or one of AWS's."""
    return call.account.policy(arn) is not None or managed_policies.get(arn) is not None
