"""IAM users and their tags."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.activity import password_id
from doorward.account.caller import CallerKind
from doorward.account.model import User
from doorward.services.call import Call
from doorward.services.iam import boundaries, find, shape
from doorward.services.iam.errors import DeleteConflict, EntityAlreadyExists
from doorward.services.iam.keys import permissions_boundary as boundary_key
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.iam.targets import new_user, user_named, user_or_self, users_under_path
from doorward.services.paging import page
from doorward.services.registry import Params, Question, operation


@operation("iam", on=new_user, keys=(boundary_key, request_tags))
def create_user(
    call: Call,
    *,
    user_name: str,
    path: str = "/",
    permissions_boundary: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Create an IAM user without credentials or permissions."""
    if call.account.user(user_name):
        raise EntityAlreadyExists.user(user_name)
    refuse_over_quota(call, "UsersQuota", call.account.count(User))
    boundaries.refuse_unknown(call, permissions_boundary)
    user = User(
        name=user_name,
        path=path,
        user_id=call.new_id("AIDA"),
        created=call.now,
        boundary=permissions_boundary,
        tags=tagged((), tags),
    )
    call.update(user)
    return {"User": shape.user_in_full(call.account, user)}


@operation("iam", on=user_or_self, reads=True)
def get_user(call: Call, *, user_name: str | None = None) -> dict[str, Any]:
    """Return a user; without a name, the caller."""
    if user_name is None and call.caller.kind is CallerKind.ROOT:
        return {"User": shape.root(call.account) | _last_sign_in(call, call.account.id)}
    user = find.user_or_self(call, user_name)
    return {"User": shape.user_in_full(call.account, user) | _last_sign_in(call, user.user_id)}


@operation("iam", on=users_under_path, reads=True)
def list_users(
    call: Call,
    *,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the users under a path, ordered by name."""
    found = call.account.all(User)
    if path_prefix != "/":
        found = [user for user in found if user.path.startswith(path_prefix)]
    shown, rest = page(call, found, lambda user: user.key, marker=marker, max_items=max_items)
    users = [shape.user(call.account, user) | _last_sign_in(call, user.user_id) for user in shown]
    return {"Users": users, **rest}


def _last_sign_in(call: Call, holder: str) -> dict[str, Any]:
    """PasswordLastUsed, where the password was used; of several uses in five minutes the first."""
    use = call.last_use(password_id(holder))
    return {"PasswordLastUsed": use.reported.at} if use else {}


def renamed_user(call: Call, params: Params) -> Iterable[Question]:
    """Whoever moves or renames a user must be allowed to on the new name as well."""
    name, path = params.get("new_user_name"), params.get("new_path")
    if name is None and path is None:
        return ()
    user = call.account.user(params["user_name"])
    asked = {
        "user_name": name or (user.name if user else params["user_name"]),
        "path": path or (user.path if user else "/"),
    }
    return (Question("iam:UpdateUser", new_user(call, asked), {}),)


@operation("iam", on=user_named, also=(renamed_user,))
def update_user(
    call: Call,
    *,
    user_name: str,
    new_path: str | None = None,
    new_user_name: str | None = None,
) -> None:
    """Move a user to another path or give it another name; it stays the same user."""
    user = find.user(call, user_name)
    name = new_user_name or user.name
    taken = call.account.user(name)
    if taken and taken is not user:
        raise EntityAlreadyExists.user(name)
    call.account = call.account.drop(user).put(replace(user, name=name, path=new_path or user.path))


@operation("iam", on=user_named)
def delete_user(call: Call, *, user_name: str) -> None:
    """Delete a user that nothing hangs on any more."""
    user = find.user(call, user_name)
    # AWS: the order in which the conflicts are named is not documented.
    if user.login_profile:
        raise DeleteConflict.first("delete login profile")
    if user.access_keys:
        raise DeleteConflict.first("delete access keys")
    if user.certificates:
        raise DeleteConflict.first("delete certificates")
    if user.ssh_keys or user.service_credentials:
        raise DeleteConflict.first("remove referenced objects")
    if call.account.mfa_devices_of(user.user_id):
        raise DeleteConflict.first("remove tokens from principal")
    if user.attached:
        raise DeleteConflict.first("detach all policies")
    if user.inline:
        raise DeleteConflict.first("delete policies")
    if user.groups:
        raise DeleteConflict.first("remove users from group")
    call.account = call.account.drop(user)


@operation("iam", on=user_named, keys=(request_tags,))
def tag_user(call: Call, *, user_name: str, tags: Sequence[Mapping[str, str]]) -> None:
    """Add tags to a user, replacing those of the same key."""
    user = find.user(call, user_name)
    call.update(replace(user, tags=retagged(user.tags, tags)))


@operation("iam", on=user_named, keys=(tag_keys_key,))
def untag_user(call: Call, *, user_name: str, tag_keys: Sequence[str]) -> None:
    """Remove tags from a user."""
    user = find.user(call, user_name)
    call.update(replace(user, tags=untagged(user.tags, tag_keys)))


@operation("iam", on=user_named, reads=True)
def list_user_tags(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List a user's tags, ordered by key."""
    tags = sorted(find.user(call, user_name).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}
