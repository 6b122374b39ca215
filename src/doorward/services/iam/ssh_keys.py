"""SSH public keys of users, for CodeCommit: kept, shown, switched; nothing here opens with them."""

from dataclasses import replace
from typing import Any

from doorward.account.model import SshKey
from doorward.services.call import Call
from doorward.services.iam import find, ssh_key_text
from doorward.services.iam.credential_errors import DuplicateSshKey
from doorward.services.iam.credential_holder import credential, status_of, switched, without
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import user_named, user_or_self
from doorward.services.paging import page
from doorward.services.registry import operation

_NOUN = "Public Key"
_QUOTA = "SSHPublicKeysPerUser"


@operation("iam", on=user_named)
def upload_ssh_public_key(
    call: Call, *, user_name: str, ssh_public_key_body: str
) -> dict[str, Any]:
    """Give a user a public key: RSA of 2048 bits or more, as `ssh-rsa ...` or in PEM."""
    user = find.user(call, user_name)
    body = ssh_key_text.as_ssh(ssh_public_key_body)
    if any(key.body == body for key in user.ssh_keys):
        raise DuplicateSshKey.of_the_user(user.name)
    refuse_over_quota(call, _QUOTA, len(user.ssh_keys))
    key = SshKey(call.new_id("APKA"), body, ssh_key_text.fingerprint(body), call.now)
    call.update(replace(user, ssh_keys=(*user.ssh_keys, key)))
    return {"SSHPublicKey": _in_full(user.name, key, key.body)}


@operation("iam", on=user_named, reads=True)
def get_ssh_public_key(
    call: Call, *, user_name: str, ssh_public_key_id: str, encoding: str
) -> dict[str, Any]:
    """Return a public key, as `ssh-rsa ...` or in PEM."""
    user = find.user(call, user_name)
    key = credential(user.ssh_keys, ssh_public_key_id, _NOUN)
    body = ssh_key_text.as_pem(key.body) if encoding == "PEM" else key.body
    return {"SSHPublicKey": _in_full(user.name, key, body)}


@operation("iam", on=user_or_self, reads=True)
def list_ssh_public_keys(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a user's SSH public keys, without the keys themselves."""
    user = find.user_or_self(call, user_name)
    keys = sorted(user.ssh_keys)
    shown, rest = page(call, keys, lambda key: key.id, marker=marker, max_items=max_items)
    return {"SSHPublicKeys": [_metadata(user.name, key) for key in shown], **rest}


@operation("iam", on=user_named)
def update_ssh_public_key(
    call: Call, *, user_name: str, ssh_public_key_id: str, status: str
) -> None:
    """Switch a public key on or off."""
    user = find.user(call, user_name)
    key = credential(user.ssh_keys, ssh_public_key_id, _NOUN)
    call.update(replace(user, ssh_keys=switched(user.ssh_keys, key, status)))


@operation("iam", on=user_named)
def delete_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str) -> None:
    """Take a public key away."""
    user = find.user(call, user_name)
    key = credential(user.ssh_keys, ssh_public_key_id, _NOUN)
    call.update(replace(user, ssh_keys=without(user.ssh_keys, key)))


def _metadata(user_name: str, key: SshKey) -> dict[str, Any]:
    return {
        "UserName": user_name,
        "SSHPublicKeyId": key.id,
        "Status": status_of(active=key.active),
        "UploadDate": key.uploaded,
    }


def _in_full(user_name: str, key: SshKey, body: str) -> dict[str, Any]:
    return _metadata(user_name, key) | {"Fingerprint": key.fingerprint, "SSHPublicKeyBody": body}
