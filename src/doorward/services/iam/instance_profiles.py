"""Instance profiles: what hands a role to a machine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.model import InstanceProfile
from doorward.services.call import Call
from doorward.services.iam import find, shape, shape_roles
from doorward.services.iam.errors import (
    DeleteConflict,
    EntityAlreadyExists,
    LimitExceeded,
    NoSuchEntity,
)
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.role_targets import (
    instance_profile_named,
    instance_profiles_under_path,
    new_instance_profile,
    pass_role_to_ec2,
)
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.iam.targets import role_named
from doorward.services.paging import page
from doorward.services.registry import operation


@operation("iam", on=new_instance_profile, keys=(request_tags,))
def create_instance_profile(
    call: Call,
    *,
    instance_profile_name: str,
    path: str = "/",
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Create an instance profile without a role."""
    if call.account.instance_profile(instance_profile_name):
        raise EntityAlreadyExists.instance_profile(instance_profile_name)
    refuse_over_quota(call, "InstanceProfilesQuota", call.account.count(InstanceProfile))
    profile = InstanceProfile(
        name=instance_profile_name,
        path=path,
        profile_id=call.new_id("AIPA"),
        created=call.now,
        tags=tagged((), tags, case_matters=True),
    )
    call.update(profile)
    shown = shape_roles.instance_profile(call, profile)
    return {"InstanceProfile": shown | {"Tags": shape.tags(profile.tags) or None}}


@operation("iam", on=instance_profile_named, reads=True)
def get_instance_profile(call: Call, *, instance_profile_name: str) -> dict[str, Any]:
    """Return an instance profile with its role."""
    profile = find.instance_profile(call, instance_profile_name)
    shown = shape_roles.instance_profile(call, profile)
    return {"InstanceProfile": shown | {"Tags": shape.tags(profile.tags)}}


@operation("iam", on=instance_profiles_under_path, reads=True)
def list_instance_profiles(
    call: Call,
    *,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the instance profiles under a path, ordered by name."""
    profiles = call.account.all(InstanceProfile)
    under = [profile for profile in profiles if profile.path.startswith(path_prefix)]
    return _paged(call, under, marker, max_items)


@operation("iam", on=role_named, reads=True)
def list_instance_profiles_for_role(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the instance profiles that hand out a role, ordered by name."""
    role = find.role(call, role_name)
    profiles = call.account.all(InstanceProfile)
    return _paged(call, [each for each in profiles if each.role == role.name], marker, max_items)


@operation("iam", on=instance_profile_named)
def delete_instance_profile(call: Call, *, instance_profile_name: str) -> None:
    """Delete an instance profile that has no role."""
    profile = find.instance_profile(call, instance_profile_name)
    if profile.role:
        raise DeleteConflict.first("remove roles from instance profile")
    call.account = call.account.drop(profile)


@operation("iam", on=instance_profile_named, also=(pass_role_to_ec2,))
def add_role_to_instance_profile(call: Call, *, instance_profile_name: str, role_name: str) -> None:
    """Put a role into an instance profile; there is room for one."""
    profile = find.instance_profile(call, instance_profile_name)
    role = find.changeable_role(call, role_name)
    if profile.role:
        # AWS: the same role once more is refused as well.
        raise LimitExceeded.quota("InstanceSessionsPerInstanceProfile", 1)
    call.update(replace(profile, role=role.name))


@operation("iam", on=instance_profile_named)
def remove_role_from_instance_profile(
    call: Call, *, instance_profile_name: str, role_name: str
) -> None:
    """Take the role out of an instance profile."""
    profile = find.instance_profile(call, instance_profile_name)
    role = find.changeable_role(call, role_name)
    if profile.role != role.name:
        raise NoSuchEntity.role_in_instance_profile(role.name, profile.name)
    call.update(replace(profile, role=None))


@operation("iam", on=instance_profile_named, keys=(request_tags,))
def tag_instance_profile(
    call: Call, *, instance_profile_name: str, tags: Sequence[Mapping[str, str]]
) -> None:
    """Add tags to an instance profile, replacing those of the same key."""
    profile = find.instance_profile(call, instance_profile_name)
    call.update(replace(profile, tags=retagged(profile.tags, tags, case_matters=True)))


@operation("iam", on=instance_profile_named, keys=(tag_keys_key,))
def untag_instance_profile(
    call: Call, *, instance_profile_name: str, tag_keys: Iterable[str]
) -> None:
    """Remove tags from an instance profile."""
    profile = find.instance_profile(call, instance_profile_name)
    call.update(replace(profile, tags=untagged(profile.tags, tag_keys, case_matters=True)))


@operation("iam", on=instance_profile_named, reads=True)
def list_instance_profile_tags(
    call: Call,
    *,
    instance_profile_name: str,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List an instance profile's tags, ordered by key."""
    tags = sorted(find.instance_profile(call, instance_profile_name).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}


def _paged(
    call: Call, profiles: Sequence[InstanceProfile], marker: str | None, max_items: int | None
) -> dict[str, Any]:
    shown, rest = page(call, profiles, lambda each: each.key, marker=marker, max_items=max_items)
    return {
        "InstanceProfiles": [shape_roles.instance_profile(call, each) for each in shown],
        **rest,
    }
