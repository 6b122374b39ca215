"""Whom a report of last accesses is about: the policies that grant, and who has them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from doorward.account.account import Account
from doorward.account.model import Group, Role, User
from doorward.authz.gather import identity_policies, managed_policy
from doorward.catalog import managed_policies
from doorward.policy import Arn, Attached
from doorward.services.call import Call
from doorward.services.iam.errors import (
    AccessDenied,
    InvalidInput,
    NoSuchEntity,
    ValidationError,
)
from doorward.services.registry import Params, Target

Holder = User | Group | Role
Member = User | Role

_AWS = "aws"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about.

    Attributes:
        policies: Those that grant.
        members: The users and roles they grant to.
    """

    policies: tuple[Attached, ...]
    members: tuple[Member, ...]


def subject(call: Call, arn: str) -> Subject:
    """The user, group, role or managed policy of that ARN; its path is not compared.

    Raises:
        AwsError: there is none, or the ARN cannot be of one.
    """
    parts = _parsed(call, arn)
    if parts.resource_type == "policy":
        return _of_policy(call.account, arn, parts)
    if parts.resource_type not in _FINDERS:
        raise InvalidInput.entity_arn(arn)
    return _of_holder(call.account, _found(call.account, arn, parts))


def holder(call: Call, arn: str) -> Holder:
    """The user, group or role of that ARN, as `subject` finds it.

    Raises:
        AwsError: there is none, or the ARN cannot be of one.
    """
    parts = _parsed(call, arn)
    if not parts.resource_type:
        raise InvalidInput.no_entity(arn)
    if parts.resource_type not in _FINDERS:
        raise InvalidInput.entity_arn(arn)
    return _found(call.account, arn, parts)


def entity_of_arn(call: Call, params: Params) -> Target:
    """What `Arn` names, by the ARN it has where it exists."""
    arn: str = params["arn"]
    parts = Arn.parse(arn)
    if parts is None or parts.account != call.account.id or parts.resource_type not in _FINDERS:
        return Target(arn)
    found = _FINDERS[parts.resource_type](call.account, parts.name)
    if found is None:
        return Target(arn)
    tags = () if isinstance(found, Group) else found.tags
    return Target(call.account.arn(found), tags=tags)


_FINDERS: dict[str, Callable[[Account, str], Holder | None]] = {
    "user": Account.user,
    "group": Account.group,
    "role": Account.role,
}


def _parsed(call: Call, arn: str) -> Arn:
    parts = Arn.parse(arn)
    if parts is None:
        raise ValidationError.arn(arn)
    if parts.partition != "aws":
        raise ValidationError.arn_partition()
    if parts.service != "iam":
        raise ValidationError.arn_service()
    if parts.account not in {call.account.id, _AWS}:
        raise AccessDenied.other_account(call.caller.arn, arn)
    return parts


def _found(account: Account, arn: str, parts: Arn) -> Holder:
    found = _FINDERS[parts.resource_type](account, parts.name)
    if found is None:
        raise NoSuchEntity.of_arn(arn)
    return found


def _of_holder(account: Account, of: Holder) -> Subject:
    members = tuple(account.members(of)) if isinstance(of, Group) else (of,)
    return Subject(identity_policies(account, of), members)


def _of_policy(account: Account, arn: str, parts: Arn) -> Subject:
    own = account.policy_named(parts.name) if parts.account == account.id else None
    if own is None and managed_policies.get(arn) is None:
        raise NoSuchEntity.of_arn(arn)
    policy = account.arn(own) if own else arn
    return Subject((managed_policy(account, policy),), tuple(_associated(account, policy)))


def _associated(account: Account, policy: str) -> Iterator[Member]:
    """The users and roles that have the policy, by a group too."""
    groups = {group.name for group in account.all(Group) if policy in group.attached}
    for user in account.all(User):
        if policy in user.attached or groups.intersection(user.groups):
            yield user
    yield from (role for role in account.all(Role) if policy in role.attached)
