"""IAM groups."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from doorward.account.model import Group, User
from doorward.services.call import Call
from doorward.services.iam import find, shape, shape_policies
from doorward.services.iam.errors import DeleteConflict, EntityAlreadyExists
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import group_named, groups_under_path, new_group
from doorward.services.paging import page
from doorward.services.registry import Params, Question, operation


def renamed_group(call: Call, params: Params) -> Iterable[Question]:
    """Whoever moves or renames a group must be allowed to on the new name as well."""
    name, path = params.get("new_group_name"), params.get("new_path")
    if name is None and path is None:
        return ()
    group = call.account.group(params["group_name"])
    asked = {
        "group_name": name or (group.name if group else params["group_name"]),
        "path": path or (group.path if group else "/"),
    }
    return (Question("iam:UpdateGroup", new_group(call, asked), {}),)


@operation("iam", on=new_group)
def create_group(call: Call, *, group_name: str, path: str = "/") -> dict[str, Any]:
    """Create an empty group."""
    if call.account.group(group_name):
        raise EntityAlreadyExists.group(group_name)
    refuse_over_quota(call, "GroupsQuota", call.account.count(Group))
    group = Group(name=group_name, path=path, group_id=call.new_id("AGPA"), created=call.now)
    call.update(group)
    return {"Group": shape_policies.group(call.account, group)}


@operation("iam", on=group_named, reads=True)
def get_group(
    call: Call, *, group_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Return a group and a page of its users, ordered by name."""
    group = find.group(call, group_name)
    members = call.account.members(group)
    shown, rest = page(call, members, lambda user: user.key, marker=marker, max_items=max_items)
    return {
        "Group": shape_policies.group(call.account, group),
        "Users": [shape.user(call.account, user) for user in shown],
        **rest,
    }


@operation("iam", on=groups_under_path, reads=True)
def list_groups(
    call: Call,
    *,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the groups under a path, ordered by name."""
    groups = [group for group in call.account.all(Group) if group.path.startswith(path_prefix)]
    shown, rest = page(call, groups, lambda group: group.key, marker=marker, max_items=max_items)
    return {"Groups": [shape_policies.group(call.account, group) for group in shown], **rest}


@operation("iam", on=group_named, also=(renamed_group,))
def update_group(
    call: Call,
    *,
    group_name: str,
    new_path: str | None = None,
    new_group_name: str | None = None,
) -> None:
    """Move a group to another path or give it another name; its users stay in it."""
    group = find.group(call, group_name)
    name = new_group_name or group.name
    taken = call.account.group(name)
    if taken and taken is not group:
        raise EntityAlreadyExists.group(name)
    members = call.account.members(group)
    call.account = call.account.drop(group)
    call.update(
        replace(group, name=name, path=new_path or group.path),
        *(_moved(user, group.name, name) for user in members),
    )


@operation("iam", on=group_named)
def delete_group(call: Call, *, group_name: str) -> None:
    """Delete a group that has no users and no policies any more."""
    group = find.group(call, group_name)
    if call.account.members(group):
        raise DeleteConflict.first("remove users from group")
    if group.attached:
        raise DeleteConflict.first("detach all policies")
    if group.inline:
        raise DeleteConflict.first("delete policies")
    call.account = call.account.drop(group)


def _moved(user: User, old: str, new: str) -> User:
    return replace(user, groups=tuple(new if name == old else name for name in user.groups))
