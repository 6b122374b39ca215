"""Credentials for one service: CodeCommit over HTTPS, Keyspaces, Bedrock's API keys.

Nothing here opens with them. Their secrets are in the vault, for a service that wants to check
one; they are shown once, when they are made.
"""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

from doorward.account.model import ServiceCredential, User
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.credential_errors import BadCredentialRequest, NotSupportedService
from doorward.services.iam.credential_holder import credential, status_of, switched, without
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import user_named, user_or_self, users_under_path
from doorward.services.paging import page
from doorward.services.registry import Context, Params, Target, operation

BEDROCK = "bedrock.amazonaws.com"
SERVICES = frozenset({BEDROCK, "cassandra.amazonaws.com", "codecommit.amazonaws.com"})
_NOUN = "Service Specific Credential"
_QUOTA = "ServiceSpecificCredentialsPerUser"
_SECRET_BYTES = 32


def secret_place(credential_id: str) -> str:
    """The name in the vault of a credential's secret."""
    return f"service-credential/{credential_id}"


def listed_users(call: Call, params: Params) -> Target:
    """The user of `UserName` or the caller; with `AllUsers` every user of the account."""
    # AWS: who may only list their own is refused; recorded, credential_inputs. The ARN is the one
    # of ListUsers, unverified.
    return users_under_path(call, {}) if params.get("all_users") else user_or_self(call, params)


def asked_service(_call: Call, params: Params) -> Context:
    """iam:ServiceSpecificCredentialServiceName and ...AgeDays of what is to be made."""
    keys = {"iam:ServiceSpecificCredentialServiceName": params["service_name"]}
    days = params.get("credential_age_days")
    return keys | ({"iam:ServiceSpecificCredentialAgeDays": str(days)} if days else {})


def service_of_credential(call: Call, params: Params) -> Context:
    """iam:ServiceSpecificCredentialServiceName of the credential named."""
    named = params["service_specific_credential_id"]
    name = params.get("user_name")
    user = call.account.user(call.caller.name if name is None else name)
    held = user.service_credentials if user else ()
    found = [each.service for each in held if each.id == named]
    return {"iam:ServiceSpecificCredentialServiceName": found[0]} if found else {}


@operation("iam", on=user_named, keys=(asked_service,))
def create_service_specific_credential(
    call: Call, *, user_name: str, service_name: str, credential_age_days: int | None = None
) -> dict[str, Any]:
    """Make a user's name and password, or API key, for one service."""
    user = find.user(call, user_name)
    _refuse_unknown(service_name)
    if credential_age_days is not None and service_name != BEDROCK:
        raise BadCredentialRequest.no_age(service_name)
    used = sum(each.service == service_name for each in user.service_credentials)
    refuse_over_quota(call, _QUOTA, used)
    made = ServiceCredential(
        call.new_id("ACCA"),
        service_name,
        call.now,
        _free_name(call, user),
        expires=call.now + timedelta(days=credential_age_days) if credential_age_days else None,
    )
    call.update(replace(user, service_credentials=(*user.service_credentials, made)))
    return {"ServiceSpecificCredential": _in_full(call, user, made)}


@operation("iam", on=listed_users, reads=True)
def list_service_specific_credentials(
    call: Call,
    *,
    user_name: str | None = None,
    service_name: str | None = None,
    all_users: bool | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the credentials of a user, or of all users, for all services or one."""
    if all_users and user_name is not None:
        raise BadCredentialRequest.whose()
    if service_name is not None:
        _refuse_unknown(service_name)
    users = call.account.all(User) if all_users else [find.user_or_self(call, user_name)]
    rows = sorted(
        (each.id, user.name, each)
        for user in users
        for each in user.service_credentials
        if service_name in {None, each.service}
    )
    shown, rest = page(call, rows, lambda row: row[0], marker=marker, max_items=max_items)
    listed = [_metadata(call, name, each) for _, name, each in shown]
    return {"ServiceSpecificCredentials": listed, **rest}


@operation("iam", on=user_or_self, keys=(service_of_credential,))
def update_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, status: str, user_name: str | None = None
) -> None:
    """Switch a credential on or off."""
    user, one = _credential(call, user_name, service_specific_credential_id)
    held = switched(user.service_credentials, one, status)
    call.update(replace(user, service_credentials=held))


@operation("iam", on=user_or_self, keys=(service_of_credential,))
def reset_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, user_name: str | None = None
) -> dict[str, Any]:
    """Give a credential another secret; the one before opens nothing any more."""
    user, one = _credential(call, user_name, service_specific_credential_id)
    return {"ServiceSpecificCredential": _in_full(call, user, one)}


@operation("iam", on=user_or_self, keys=(service_of_credential,))
def delete_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, user_name: str | None = None
) -> None:
    """Delete a credential with its secret."""
    user, one = _credential(call, user_name, service_specific_credential_id)
    call.vault.drop(secret_place(one.id))
    held = without(user.service_credentials, one)
    call.update(replace(user, service_credentials=held))


def _credential(call: Call, user_name: str | None, named: str) -> tuple[User, ServiceCredential]:
    user = find.user_or_self(call, user_name)
    return user, credential(user.service_credentials, named, _NOUN)


def _refuse_unknown(service: str) -> None:
    if service not in SERVICES:
        raise NotSupportedService.service(service)


def _free_name(call: Call, user: User) -> str:
    """`ann-at-111122223333`, then `ann+1-at-...`; a name that was freed is given again."""
    taken = {each.name for each in user.service_credentials}
    tail = f"-at-{call.account.id}"
    number = 0
    while (name := f"{user.name}{f'+{number}' if number else ''}{tail}") in taken:
        number += 1
    return name


def _in_full(call: Call, user: User, of: ServiceCredential) -> dict[str, Any]:
    """The metadata with a fresh secret, which is the only one from now on."""
    secret = base64.b64encode(call.random(_SECRET_BYTES)).decode()
    if of.service == BEDROCK:
        # AWS: a Bedrock key says whose it is; `ABSK`, then name and secret in base64.
        secret = "ABSK" + base64.b64encode(f"{of.name}:{secret}".encode()).decode()
    call.vault.put(secret_place(of.id), secret.encode())
    member = "ServiceCredentialSecret" if of.service == BEDROCK else "ServicePassword"
    return _metadata(call, user.name, of) | {member: secret}


def _metadata(call: Call, user_name: str, of: ServiceCredential) -> dict[str, Any]:
    over = of.expires is not None and of.expires <= call.now
    member = "ServiceCredentialAlias" if of.service == BEDROCK else "ServiceUserName"
    return {
        "UserName": user_name,
        "Status": "Expired" if over else status_of(active=of.active),
        member: of.name,
        "CreateDate": of.created,
        "ExpirationDate": of.expires,
        "ServiceSpecificCredentialId": of.id,
        "ServiceName": of.service,
    }
