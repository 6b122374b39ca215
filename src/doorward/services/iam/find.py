"""Find what a call names, or say in AWS's words that it is not there."""

from doorward.account.model import Group, Role, User
from doorward.authn.caller import CallerKind
from doorward.services.call import Call
from doorward.services.iam.errors import NoSuchEntity, UnmodifiableEntity, ValidationError


def user(call: Call, name: str) -> User:
    """The user of that name, whatever its case."""
    found = call.account.user(name)
    if found is None:
        raise NoSuchEntity.user(name)
    return found


def user_or_self(call: Call, name: str | None) -> User:
    """The user of that name; without a name, the user who calls."""
    if name is not None:
        return user(call, name)
    if call.caller.kind is not CallerKind.USER:
        raise ValidationError.needs_user_name()
    return user(call, call.caller.name)


def group(call: Call, name: str) -> Group:
    """The group of that name, whatever its case."""
    found = call.account.group(name)
    if found is None:
        raise NoSuchEntity.group(name)
    return found


def role(call: Call, name: str) -> Role:
    """The role of that name, whatever its case."""
    found = call.account.role(name)
    if found is None:
        raise NoSuchEntity.role(name)
    return found


def changeable_role(call: Call, name: str) -> Role:
    """The role of that name, unless it is linked to a service.

    Raises:
        UnmodifiableEntity: only the service may change what the role may do.
    """
    found = role(call, name)
    if found.service is not None:
        raise UnmodifiableEntity.protected_role(found.name)
    return found
