"""Who a trust policy names: checked, and users and roles told by unique id, not by name.

Accounts this Doorward does not hold are taken as they are: whether their users and roles exist
is not ours to know, and none of them can call here before the account does.
"""

import re
from collections.abc import Mapping

from doorward.account.account import Account
from doorward.account.model import Role, User
from doorward.catalog.principals import is_service_principal, is_web_identity_provider
from doorward.services.call import Call
from doorward.services.iam.errors import MalformedPolicyDocument

_ACCOUNT = re.compile(r"[0-9]{12}")
_ROOT = re.compile(r"arn:aws:iam::[0-9]{12}:root")
_ENTITY = re.compile(
    r"arn:aws:iam::([0-9]{12}):((?:user|role)/(?:[!-)+->@-~]*/)?[\w+=,.@-]+)", re.ASCII
)
_SESSION = re.compile(
    r"arn:aws:sts::[0-9]{12}:(?:assumed-role/[\w+=,.@-]+|federated-user)/[\w+=,.@-]+", re.ASCII
)
_PROVIDER = re.compile(r"arn:aws:iam::[0-9]{12}:(?:saml|oidc)-provider/[\x21-\x7e]+")
_UNIQUE_ID = re.compile(r"(?:AIDA|AROA)[A-Z0-9]{17}")


def stored(call: Call, kind: str, value: str) -> tuple[str, str | None]:
    """The form in which a role keeps one principal, and the other account it is of, if it is.

    Raises:
        MalformedPolicyDocument: there is no such principal.
    """
    if kind == "AWS":
        return _stored_aws(call, value)
    if kind == "Federated":
        _refuse_unfederated(value)
    elif kind == "Service" and not is_service_principal(value):
        raise MalformedPolicyDocument.principal(kind, value)
    return value, None


def shown(call: Call, value: str, elsewhere: Mapping[str, str]) -> str:
    """The ARN of whom a unique id means, while it exists; anything else as it is.

    Args:
        call: In whose account the role is.
        value: One principal as a role keeps it.
        elsewhere: The other accounts of the ids that are of one.
    """
    if not _UNIQUE_ID.fullmatch(value):
        return value
    account = _account(call, elsewhere.get(value, call.account.id))
    found = account.by_id(value) if account else None
    return account.arn(found) if account and found else value


def _stored_aws(call: Call, value: str) -> tuple[str, str | None]:
    if _ACCOUNT.fullmatch(value):
        return f"arn:aws:iam::{value}:root", None
    if value == "*" or _ROOT.fullmatch(value) or _SESSION.fullmatch(value):
        return value, None
    if _UNIQUE_ID.fullmatch(value) and call.account.by_id(value):
        return value, None
    entity = _ENTITY.fullmatch(value)
    if not entity:
        raise MalformedPolicyDocument.principal("AWS", value)
    return _stored_entity(call, value, *entity.groups())


def _stored_entity(call: Call, arn: str, account_id: str, resource: str) -> tuple[str, str | None]:
    account = _account(call, account_id)
    if account is None:
        return arn, None
    name = resource.rpartition("/")[2]
    found = account.user(name) if resource.startswith("user/") else account.role(name)
    if found is None or found.resource != resource:
        raise MalformedPolicyDocument.principal("AWS", arn)
    return _id(found), None if account is call.account else account_id


def _id(entity: User | Role) -> str:
    return entity.user_id if isinstance(entity, User) else entity.role_id


def _refuse_unfederated(value: str) -> None:
    if not _PROVIDER.fullmatch(value) and not is_web_identity_provider(value):
        raise MalformedPolicyDocument.federated_principal()


def _account(call: Call, account_id: str) -> Account | None:
    return call.account if account_id == call.account.id else call.desk.account(account_id)
