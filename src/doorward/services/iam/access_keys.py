"""Access keys: two per user, made to be rotated; none for root, unless a setting says so."""

from dataclasses import replace
from typing import Any

from doorward.account.model import AccessKey, Profile, User
from doorward.authn.key_ids import access_key_id as new_access_key_id
from doorward.authn.key_ids import secret_access_key
from doorward.services.call import Call
from doorward.services.iam import shape
from doorward.services.iam.credential_errors import RootKeysForbidden
from doorward.services.iam.credential_holder import (
    Holder,
    credential,
    holder,
    is_root,
    name_of,
    switched,
    without,
)
from doorward.services.iam.errors import AccessDenied
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import owner_of_key, user_or_self
from doorward.services.paging import page
from doorward.services.registry import operation

ROOT_KEYS = "root.access_keys"
"""The setting: may root make access keys?"""
_NOUN = "Access Key"


@operation("iam", on=user_or_self)
def create_access_key(call: Call, *, user_name: str | None = None) -> dict[str, Any]:
    """Make a new access key; its secret is shown this once."""
    whose = holder(call, user_name)
    if isinstance(whose, Profile) and call.settings.get(ROOT_KEYS) != "allow":
        raise RootKeysForbidden.by_setting(call.caller.arn)
    refuse_over_quota(call, "AccessKeysPerUserQuota", len(_keys(whose)))
    key = AccessKey(new_access_key_id("AKIA", call.account.id, call.random(16)), call.now)
    secret = secret_access_key(call.random(30))
    call.vault.put(_place(key), secret.encode())
    call.update(_with_keys(whose, (*_keys(whose), key)))
    return {"AccessKey": shape.access_key(name_of(whose), key) | {"SecretAccessKey": secret}}


@operation("iam", on=user_or_self, reads=True)
def list_access_keys(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a user's access keys without their secrets."""
    whose = holder(call, user_name)
    keys = sorted(_keys(whose))
    shown, rest = page(call, keys, lambda key: key.id, marker=marker, max_items=max_items)
    return {"AccessKeyMetadata": [shape.access_key(name_of(whose), key) for key in shown], **rest}


@operation("iam", on=user_or_self)
def update_access_key(
    call: Call, *, access_key_id: str, status: str, user_name: str | None = None
) -> None:
    """Switch an access key on or off."""
    whose = holder(call, user_name)
    key = credential(_keys(whose), access_key_id, _NOUN)
    call.update(_with_keys(whose, switched(_keys(whose), key, status)))


@operation("iam", on=user_or_self)
def delete_access_key(call: Call, *, access_key_id: str, user_name: str | None = None) -> None:
    """Delete an access key for good."""
    whose = holder(call, user_name)
    key = credential(_keys(whose), access_key_id, _NOUN)
    call.vault.drop(_place(key))
    call.update(_with_keys(whose, without(_keys(whose), key)))


@operation("iam", on=owner_of_key, reads=True)
def get_access_key_last_used(call: Call, *, access_key_id: str) -> dict[str, Any]:
    """When, where and for what an access key was last used; root alone asks about its own."""
    owner = _seen_owner(call, access_key_id)
    if owner is None:
        # AWS: a key that is not there is refused as somebody else's would be; recorded, users.
        raise AccessDenied.unknown_access_key(call.caller.arn, access_key_id)
    use = call.last_use(access_key_id)
    last: dict[str, Any] = {"ServiceName": "N/A", "Region": "N/A"}
    if use:
        last = {"LastUsedDate": use.at, "ServiceName": use.service, "Region": use.region}
    return {"UserName": name_of(owner), "AccessKeyLastUsed": last}


def _seen_owner(call: Call, key_id: str) -> Holder | None:
    """Who has the key, as far as the caller may know."""
    owner = call.account.by_id(key_id)
    if not isinstance(owner, User | Profile) or (isinstance(owner, Profile) and not is_root(call)):
        return None
    return owner if any(key.id == key_id for key in _keys(owner)) else None


def _place(key: AccessKey) -> str:
    return f"access-key/{key.id}"


def _keys(of: Holder) -> tuple[AccessKey, ...]:
    return of.access_keys if isinstance(of, User) else of.root_keys


def _with_keys(of: Holder, keys: tuple[AccessKey, ...]) -> Holder:
    return replace(of, access_keys=keys) if isinstance(of, User) else replace(of, root_keys=keys)
