"""Access keys: two per user, made to be rotated."""

from dataclasses import replace
from typing import Any

from doorward.account.caller import CallerKind
from doorward.account.model import AccessKey, Profile, User
from doorward.authn.key_ids import access_key_id as new_access_key_id
from doorward.authn.key_ids import secret_access_key
from doorward.services.call import Call
from doorward.services.iam import find, shape
from doorward.services.iam.errors import AccessDenied, InvalidInput, NoSuchEntity
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import owner_of_key, user_or_self
from doorward.services.paging import page
from doorward.services.registry import operation

Holder = User | Profile


@operation("iam", on=user_or_self)
def create_access_key(call: Call, *, user_name: str | None = None) -> dict[str, Any]:
    """Make a new access key; its secret is shown this once."""
    holder = _holder(call, user_name)
    refuse_over_quota(call, "AccessKeysPerUserQuota", len(_keys(holder)))
    key = AccessKey(new_access_key_id("AKIA", call.account.id, call.random(16)), call.now)
    secret = secret_access_key(call.random(30))
    call.vault.put(f"access-key/{key.id}", secret.encode())
    call.update(_with_keys(holder, (*_keys(holder), key)))
    return {"AccessKey": shape.access_key(_name(holder), key) | {"SecretAccessKey": secret}}


@operation("iam", on=user_or_self, reads=True)
def list_access_keys(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a user's access keys without their secrets."""
    holder = _holder(call, user_name)
    keys = sorted(_keys(holder))
    shown, rest = page(call, keys, lambda key: key.id, marker=marker, max_items=max_items)
    return {"AccessKeyMetadata": [shape.access_key(_name(holder), key) for key in shown], **rest}


@operation("iam", on=user_or_self)
def update_access_key(
    call: Call, *, access_key_id: str, status: str, user_name: str | None = None
) -> None:
    """Switch an access key on or off."""
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid.")
    holder = _holder(call, user_name)
    _key(holder, access_key_id)
    switched = tuple(
        key._replace(active=status == "Active") if key.id == access_key_id else key
        for key in _keys(holder)
    )
    call.update(_with_keys(holder, switched))


@operation("iam", on=user_or_self)
def delete_access_key(call: Call, *, access_key_id: str, user_name: str | None = None) -> None:
    """Delete an access key for good."""
    holder = _holder(call, user_name)
    key = _key(holder, access_key_id)
    call.vault.drop(f"access-key/{key.id}")
    call.update(_with_keys(holder, tuple(k for k in _keys(holder) if k != key)))


@operation("iam", on=owner_of_key, reads=True)
def get_access_key_last_used(call: Call, *, access_key_id: str) -> dict[str, Any]:
    """When, where and for what an access key was last used."""
    owner = call.account.by_id(access_key_id)
    if not isinstance(owner, User):
        # AWS: a key that is not there is refused as somebody else's would be; recorded, users.
        raise AccessDenied.unknown_access_key(call.caller.arn, access_key_id)
    use = call.last_use(access_key_id)
    last: dict[str, Any] = {"ServiceName": "N/A", "Region": "N/A"}
    if use:
        last = {"LastUsedDate": use.at, "ServiceName": use.service, "Region": use.region}
    return {"UserName": owner.name, "AccessKeyLastUsed": last}


def _holder(call: Call, user_name: str | None) -> Holder:
    """Whose keys the call is about; root without a name means its own."""
    if user_name is None and call.caller.kind is CallerKind.ROOT:
        return call.account.profile
    return find.user_or_self(call, user_name)


def _name(of: Holder) -> str | None:
    """The root user has none."""
    return of.name if isinstance(of, User) else None


def _keys(of: Holder) -> tuple[AccessKey, ...]:
    return of.access_keys if isinstance(of, User) else of.root_keys


def _with_keys(of: Holder, keys: tuple[AccessKey, ...]) -> Holder:
    return replace(of, access_keys=keys) if isinstance(of, User) else replace(of, root_keys=keys)


def _key(of: Holder, key_id: str) -> AccessKey:
    for key in _keys(of):
        if key.id == key_id:
            return key
    raise NoSuchEntity.access_key(key_id)
