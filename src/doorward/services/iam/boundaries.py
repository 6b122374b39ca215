"""Permissions boundaries of users and roles."""

from dataclasses import replace

from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.errors import NoSuchEntity
from doorward.services.iam.keys import boundary_of_holder
from doorward.services.iam.keys import permissions_boundary as boundary_key
from doorward.services.iam.targets import role_named, user_named
from doorward.services.registry import operation


@operation("iam", on=user_named, keys=(boundary_key,))
def put_user_permissions_boundary(call: Call, *, user_name: str, permissions_boundary: str) -> None:
    """Limit what a user's policies can grant, replacing the boundary it has."""
    user = find.user(call, user_name)
    refuse_unknown(call, permissions_boundary)
    call.update(replace(user, boundary=permissions_boundary))


@operation("iam", on=role_named, keys=(boundary_key,))
def put_role_permissions_boundary(call: Call, *, role_name: str, permissions_boundary: str) -> None:
    """Limit what a role's policies can grant, replacing the boundary it has."""
    role = find.changeable_role(call, role_name)
    refuse_unknown(call, permissions_boundary)
    call.update(replace(role, boundary=permissions_boundary))


@operation("iam", on=user_named, keys=(boundary_of_holder,))
def delete_user_permissions_boundary(call: Call, *, user_name: str) -> None:
    """Take a user's boundary away."""
    user = find.user(call, user_name)
    if user.boundary is None:
        raise NoSuchEntity.boundary("user", user.name)
    call.update(replace(user, boundary=None))


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def delete_role_permissions_boundary(call: Call, *, role_name: str) -> None:
    """Take a role's boundary away."""
    role = find.changeable_role(call, role_name)
    if role.boundary is None:
        raise NoSuchEntity.boundary("role", role.name)
    call.update(replace(role, boundary=None))


def refuse_unknown(call: Call, arn: str | None) -> None:
    """Refuse a boundary that is no managed policy, or one that may not be attached."""
    if arn is None:
        return
    if find.attachable(call, arn) is None:
        raise NoSuchEntity.boundary_policy(arn)
