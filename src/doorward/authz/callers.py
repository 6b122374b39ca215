"""Principals of an account named by their ARN, as if they called with nothing special."""

import re

from doorward.account.account import Account
from doorward.account.caller import Caller, CallerKind
from doorward.account.model import Role
from doorward.policy import Arn

_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


def caller_in(account: Account, arn: str) -> Caller | None:
    """The user, role, role session or root user of that exact ARN; `None`: there is none.

    Paths count. A role's own ARN stands for any session of the role, so its `aws:userid` ends
    after the colon that the session's name would follow. Groups never call.
    """
    parts = Arn.parse(arn)
    if parts is None or parts.account != account.id:
        return None
    if parts.service == "sts":
        return _of_session(account, arn, parts)
    if arn == f"arn:aws:iam::{account.id}:root":
        return Caller.root(account.id)
    if parts.resource_type == "user":
        user = account.user(parts.name)
        return Caller.user(arn, user.user_id) if user and account.arn(user) == arn else None
    role = account.role(parts.name)
    return _of_role(account, role, arn, "") if role and account.arn(role) == arn else None


def _of_session(account: Account, arn: str, parts: Arn) -> Caller | None:
    kind, _, rest = parts.resource.partition("/")
    role_name, _, name = rest.partition("/")
    role = account.role(role_name) if kind == "assumed-role" else None
    if role is None or role.name != role_name or not _SESSION_NAME.fullmatch(name):
        return None
    exact = arn == f"arn:aws:sts::{account.id}:{parts.resource}"
    return _of_role(account, role, arn, name) if exact else None


def _of_role(account: Account, role: Role, arn: str, session: str) -> Caller:
    return Caller(
        account=account.id,
        kind=CallerKind.ROLE,
        arn=arn,
        unique_id=f"{role.role_id}:{session}",
        entity_arn=account.arn(role),
        entity_id=role.role_id,
        name=session,
    )
