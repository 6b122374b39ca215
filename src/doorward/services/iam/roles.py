"""IAM roles: who may assume them, for how long, and their tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.model import InstanceProfile, Role
from doorward.services.call import Call
from doorward.services.iam import boundaries, find, shape, shape_roles, trust
from doorward.services.iam.errors import (
    DeleteConflict,
    EntityAlreadyExists,
    InvalidInput,
    UnmodifiableEntity,
)
from doorward.services.iam.keys import boundary_of_holder, request_tags
from doorward.services.iam.keys import permissions_boundary as boundary_key
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.role_targets import new_role, roles_under_path
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.iam.targets import role_named
from doorward.services.paging import page
from doorward.services.registry import operation

_LINKED_PATH = "/aws-service-role/"


@operation("iam", on=new_role, keys=(boundary_key, request_tags))
def create_role(
    call: Call,
    *,
    role_name: str,
    assume_role_policy_document: str,
    path: str = "/",
    description: str | None = None,
    max_session_duration: int = 3600,
    permissions_boundary: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Create a role that those named in its trust policy may assume."""
    if call.account.role(role_name):
        raise EntityAlreadyExists.role(role_name)
    if path.startswith(_LINKED_PATH):
        raise InvalidInput.reserved_path(path)
    refuse_over_quota(call, "RolesQuota", call.account.count(Role))
    boundaries.refuse_unknown(call, permissions_boundary)
    kept = trust.stored(call, assume_role_policy_document)
    role = Role(
        name=role_name,
        path=path,
        role_id=call.new_id("AROA"),
        created=call.now,
        trust=kept.text,
        trusted_elsewhere=kept.elsewhere,
        description=description or None,
        max_session_s=max_session_duration,
        boundary=permissions_boundary,
        tags=tagged((), tags),
    )
    call.update(role)
    return {"Role": shape_roles.created(call, role, assume_role_policy_document)}


@operation("iam", on=role_named, keys=(boundary_of_holder,), reads=True)
def get_role(call: Call, *, role_name: str) -> dict[str, Any]:
    """Return a role with its trust policy and its last use."""
    return {"Role": shape_roles.in_full(call, find.role(call, role_name))}


@operation("iam", on=roles_under_path, reads=True)
def list_roles(
    call: Call,
    *,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the roles under a path, ordered by name."""
    roles = [role for role in call.account.all(Role) if role.path.startswith(path_prefix)]
    shown, rest = page(call, roles, lambda role: role.key, marker=marker, max_items=max_items)
    return {"Roles": [shape_roles.listed(call, role) for role in shown], **rest}


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def update_role(
    call: Call,
    *,
    role_name: str,
    description: str | None = None,
    max_session_duration: int | None = None,
) -> dict[str, Any]:
    """Change a role's description or how long its sessions may last; what is left out stays."""
    role = find.role(call, role_name)
    if max_session_duration is not None:
        if role.service is not None:
            raise UnmodifiableEntity.session_duration(role.name)
        role = replace(role, max_session_s=max_session_duration)
    if description is not None:
        role = replace(role, description=description or None)
    call.update(role)
    return {}


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def update_role_description(call: Call, *, role_name: str, description: str) -> dict[str, Any]:
    """Change a role's description."""
    role = replace(find.role(call, role_name), description=description or None)
    call.update(role)
    return {"Role": shape_roles.described(call, role)}


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def update_assume_role_policy(call: Call, *, role_name: str, policy_document: str) -> None:
    """Replace a role's trust policy."""
    role = find.changeable_role(call, role_name)
    call.update(trust.stored(call, policy_document).on(role))


@operation("iam", on=role_named, keys=(boundary_of_holder,))
def delete_role(call: Call, *, role_name: str) -> None:
    """Delete a role that nothing hangs on any more."""
    role = find.changeable_role(call, role_name)
    if any(profile.role == role.name for profile in call.account.all(InstanceProfile)):
        raise DeleteConflict.first("remove roles from instance profile")
    if role.attached:
        raise DeleteConflict.first("detach all policies")
    if role.inline:
        raise DeleteConflict.first("delete policies")
    call.account = call.account.drop(role)


@operation("iam", on=role_named, keys=(request_tags,))
def tag_role(call: Call, *, role_name: str, tags: Sequence[Mapping[str, str]]) -> None:
    """Add tags to a role, replacing those of the same key."""
    role = find.role(call, role_name)
    call.update(replace(role, tags=retagged(role.tags, tags)))


@operation("iam", on=role_named, keys=(tag_keys_key,))
def untag_role(call: Call, *, role_name: str, tag_keys: Sequence[str]) -> None:
    """Remove tags from a role."""
    role = find.role(call, role_name)
    call.update(replace(role, tags=untagged(role.tags, tag_keys)))


@operation("iam", on=role_named, reads=True)
def list_role_tags(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List a role's tags, ordered by key."""
    tags = sorted(find.role(call, role_name).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}
