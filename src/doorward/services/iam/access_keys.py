"""Access keys: two per user, made to be rotated."""

from dataclasses import replace
from typing import Any

from doorward.account.caller import CallerKind
from doorward.account.model import AccessKey, User
from doorward.authn.key_ids import access_key_id as new_access_key_id
from doorward.authn.key_ids import secret_access_key
from doorward.services.call import Call
from doorward.services.iam import find, shape
from doorward.services.iam.errors import InvalidInput, NoSuchEntity
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import owner_of_key, user_or_self
from doorward.services.paging import page
from doorward.services.registry import operation


@operation("iam", on=user_or_self)
def create_access_key(call: Call, *, user_name: str | None = None) -> dict[str, Any]:
    """Make a new access key; its secret is shown this once."""
    user = find.user_or_self(call, user_name)
    refuse_over_quota(call, "AccessKeysPerUserQuota", len(user.access_keys))
    key = AccessKey(new_access_key_id("AKIA", call.account.id, call.random(16)), call.now)
    secret = secret_access_key(call.random(30))
    call.vault.put(f"access-key/{key.id}", secret.encode())
    call.update(replace(user, access_keys=(*user.access_keys, key)))
    return {"AccessKey": shape.access_key(user.name, key) | {"SecretAccessKey": secret}}


@operation("iam", on=user_or_self, reads=True)
def list_access_keys(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a user's access keys without their secrets."""
    name, held = _holder(call, user_name)
    keys = sorted(held)
    shown, rest = page(call, keys, lambda key: key.id, marker=marker, max_items=max_items)
    return {"AccessKeyMetadata": [shape.access_key(name, key) for key in shown], **rest}


@operation("iam", on=user_or_self)
def update_access_key(
    call: Call, *, access_key_id: str, status: str, user_name: str | None = None
) -> None:
    """Switch an access key on or off."""
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid.")
    user = find.user_or_self(call, user_name)
    _key(user, access_key_id)
    switched = tuple(
        key._replace(active=status == "Active") if key.id == access_key_id else key
        for key in user.access_keys
    )
    call.update(replace(user, access_keys=switched))


@operation("iam", on=user_or_self)
def delete_access_key(call: Call, *, access_key_id: str, user_name: str | None = None) -> None:
    """Delete an access key for good."""
    user = find.user_or_self(call, user_name)
    key = _key(user, access_key_id)
    call.vault.drop(f"access-key/{key.id}")
    call.update(replace(user, access_keys=tuple(k for k in user.access_keys if k != key)))


@operation("iam", on=owner_of_key, reads=True)
def get_access_key_last_used(call: Call, *, access_key_id: str) -> dict[str, Any]:
    """When, where and for what an access key was last used."""
    owner = call.account.by_id(access_key_id)
    if not isinstance(owner, User):
        raise NoSuchEntity.access_key(access_key_id)
    use = call.activity.last_use(access_key_id)
    last: dict[str, Any] = {"ServiceName": "N/A", "Region": "N/A"}
    if use:
        last = {"LastUsedDate": use.at, "ServiceName": use.service, "Region": use.region}
    return {"UserName": owner.name, "AccessKeyLastUsed": last}


def _holder(call: Call, user_name: str | None) -> tuple[str | None, tuple[AccessKey, ...]]:
    if user_name is None and call.caller.kind is CallerKind.ROOT:
        return None, call.account.profile.root_keys
    user = find.user_or_self(call, user_name)
    return user.name, user.access_keys


def _key(user: User, key_id: str) -> AccessKey:
    for key in user.access_keys:
        if key.id == key_id:
            return key
    raise NoSuchEntity.access_key(key_id)
