"""What each STS operation acts on, and the second permissions it needs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from doorward.account.account import Account
from doorward.account.caller import CallerKind
from doorward.account.model import Role
from doorward.authz.gather import resource_policy_of
from doorward.policy import Arn, Attached, Policy
from doorward.services.call import Call
from doorward.services.registry import Params, Question, Target
from doorward.services.sts import keys, session_tags
from doorward.services.sts.errors import AccessDenied, ValidationError

_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:[^:]*/)?([^:/]+)")

# INVARIANT: a role that does not exist is refused as one whose trust policy admits nobody, by
# the same decision and so in the same words, or the answer would tell which roles exist.
_TRUSTS_NOBODY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
    '"Principal":{"AWS":"AIDAAAAAAAAAAAAAAAAAA"},"Action":"sts:AssumeRole"}]}'
)


class Found(NamedTuple):
    """A role with the account that owns it."""

    account: Account
    role: Role


def find_role(call: Call, role_arn: str) -> Found | None:
    """The role of that exact ARN, in any account of this Doorward.

    Raises:
        ValidationError: the text is no ARN of a role.
    """
    arn = Arn.parse(role_arn)
    if arn is None or not (arn.partition and arn.service and arn.resource):
        raise ValidationError.not_an_arn(role_arn)
    parts = _ROLE_ARN.fullmatch(role_arn)
    if parts is None:
        raise ValidationError.not_a_role()
    owner, name = parts.groups()
    account = call.account if owner == call.account.id else call.desk.account(owner)
    role = account.role(name) if account else None
    if account is None or role is None or account.arn(role) != role_arn:
        return None
    return Found(account, role)


def role_to_assume(call: Call, params: Params) -> Target:
    """The role, guarded by its trust policy.

    Raises:
        AccessDenied: root asks.
    """
    if call.caller.kind is CallerKind.ROOT:
        raise AccessDenied.root_assumes()
    arn = params["role_arn"]
    found = find_role(call, arn)
    owner = arn.split(":")[4]
    if found is None:
        return Target(arn, account=owner, policy=_trusting_nobody(arn))
    policy = resource_policy_of(found.account, arn)
    return Target(arn, account=owner, tags=found.role.tags, policy=policy)


def tagging_and_source_identity(call: Call, params: Params) -> Iterator[Question]:
    """sts:TagSession and sts:SetSourceIdentity, where the new role session gets some."""
    asked = []
    if params.get("tags") or session_tags.inherited(call.caller):
        asked.append("sts:TagSession")
    if keys.source_identity(call, params):
        asked.append("sts:SetSourceIdentity")
    for action in asked:
        yield Question(action, role_to_assume(call, params), {})


def federated_user(call: Call, params: Params) -> Target:
    """The federated user about to be."""
    return Target(f"arn:aws:sts::{call.account.id}:federated-user/{params['name']}")


def tagging_federated_user(call: Call, params: Params) -> Iterator[Question]:
    """sts:TagSession, where tags are passed."""
    if params.get("tags"):
        target = federated_user(call, params)
        yield Question("sts:TagSession", target, keys.session_tags(call, params))


def _trusting_nobody(role_arn: str) -> Attached:
    name = role_arn.rpartition("/")[2]
    return Attached(Policy.parse_or_deny(_TRUSTS_NOBODY, "trust"), name, None, role_arn)
