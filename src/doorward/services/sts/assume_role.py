"""AssumeRole: temporary credentials of a role, for whoever its trust policy admits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.caller import Caller, CallerKind
from doorward.account.model import Role
from doorward.account.session import SessionKind
from doorward.services.call import Call
from doorward.services.registry import operation
from doorward.services.sts import keys, mfa, session_policies
from doorward.services.sts.credentials import handed_out, new_session
from doorward.services.sts.errors import AccessDenied, ValidationError
from doorward.services.sts.session_tags import (
    inherited,
    pairs,
    refuse_impossible,
    transitive_keys,
)
from doorward.services.sts.targets import find_role, role_to_assume, tagging_and_source_identity

DEFAULT_S = 3600
LONGEST_CHAINED_S = 3600


@operation(
    "sts",
    on=role_to_assume,
    keys=(keys.assume_role, keys.session_tags, keys.mfa),
    code=mfa.claim,
    also=(tagging_and_source_identity,),
    reads=True,
)
def assume_role(
    call: Call,
    *,
    role_arn: str,
    role_session_name: str,
    policy_arns: Sequence[Mapping[str, str]] = (),
    policy: str | None = None,
    duration_seconds: int = DEFAULT_S,
    tags: Sequence[Mapping[str, str]] = (),
    transitive_tag_keys: Sequence[str] = (),
    external_id: str | None = None,  # noqa: ARG001 - the trust policy has asked for it
    serial_number: str | None = None,  # noqa: ARG001 - proven before the decision
    token_code: str | None = None,  # noqa: ARG001 - proven before the decision
    source_identity: str | None = None,
    provided_contexts: Sequence[Mapping[str, str]] = (),
    minimum_session_token_size: int = 0,
) -> dict[str, Any]:
    """Open a session of a role."""
    caller = call.caller
    found = find_role(call, role_arn)
    if found is None:
        raise AccessDenied.not_authorized(caller.arn, "sts:AssumeRole", role_arn)
    if provided_contexts:
        raise ValidationError.unknown_context()
    # 1. Who may assume: already decided from the trust policy and the caller's own policies.
    # 2. How long: the role's maximum, and one hour when a role assumes a role.
    _refuse_too_long(caller, found.role, duration_seconds)
    # 3. What they carry: tags and source identity; what is inherited cannot be replaced.
    passed = pairs(tags)
    refuse_impossible(caller, passed, transitive_tag_keys)
    identity = _source_identity(caller, source_identity, role_arn)
    carried = (*passed, *inherited(caller))
    # 4. What they may do at most: the session policies.
    limits = session_policies.accepted(call, found.account, policy, policy_arns)
    percent = session_policies.packed_percent(limits, carried)
    # 5. Mint the session.
    session = replace(
        new_session(
            call,
            SessionKind.ROLE,
            account=found.account.id,
            entity_arn=role_arn,
            entity_id=found.role.role_id,
            name=role_session_name,
            duration_s=duration_seconds,
        ),
        policy=limits.inline,
        policy_arns=limits.arns,
        tags=carried,
        transitive_tag_keys=transitive_keys(caller, transitive_tag_keys),
        source_identity=identity,
        chained=caller.kind is CallerKind.ROLE,
    )
    assumed = Caller.of_session(session)
    return {
        **handed_out(call, session, minimum_session_token_size),
        "AssumedRoleUser": {"AssumedRoleId": assumed.unique_id, "Arn": assumed.arn},
        "PackedPolicySize": percent,
        "SourceIdentity": identity,
    }


def _refuse_too_long(caller: Caller, role: Role, duration_s: int) -> None:
    if caller.kind is CallerKind.ROLE and duration_s > LONGEST_CHAINED_S:
        raise ValidationError.too_long_for_chain()
    if duration_s > role.max_session_s:
        raise ValidationError.too_long_for_role()


def _source_identity(caller: Caller, asked: str | None, role_arn: str) -> str | None:
    """The source identity of the new session: once set it stays for the whole chain."""
    had = caller.session.source_identity if caller.session else None
    if had is not None and asked not in {None, had}:
        raise AccessDenied.not_authorized(caller.arn, "sts:SetSourceIdentity", role_arn)
    return had or asked
