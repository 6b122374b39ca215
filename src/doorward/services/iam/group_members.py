"""Which users are in which groups."""

from dataclasses import replace
from typing import Any

from doorward.services.call import Call
from doorward.services.iam import find, shape_policies
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import group_named, user_named
from doorward.services.paging import page
from doorward.services.registry import operation


@operation("iam", on=group_named)
def add_user_to_group(call: Call, *, group_name: str, user_name: str) -> None:
    """Put a user into a group; once is enough."""
    user, group = find.user(call, user_name), find.group(call, group_name)
    if group.name in user.groups:
        return
    refuse_over_quota(call, "GroupsPerUserQuota", len(user.groups))
    call.update(replace(user, groups=(*user.groups, group.name)))


@operation("iam", on=group_named)
def remove_user_from_group(call: Call, *, group_name: str, user_name: str) -> None:
    """Take a user out of a group; one that is not in it is no error."""
    # AWS: the user is looked for before the group; recorded, groups.
    user, group = find.user(call, user_name), find.group(call, group_name)
    call.update(replace(user, groups=tuple(name for name in user.groups if name != group.name)))


@operation("iam", on=user_named, reads=True)
def list_groups_for_user(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the groups a user is in, ordered by name."""
    groups = call.account.groups_of(find.user(call, user_name))
    groups.sort(key=lambda group: group.key)
    shown, rest = page(call, groups, lambda group: group.key, marker=marker, max_items=max_items)
    return {"Groups": [shape_policies.group(call.account, group) for group in shown], **rest}
