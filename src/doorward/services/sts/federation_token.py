"""GetFederationToken: a user's permissions lent to somebody IAM does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.caller import Caller
from doorward.account.session import SessionKind
from doorward.services.call import Call
from doorward.services.registry import operation
from doorward.services.sts import keys, session_policies
from doorward.services.sts.credentials import handed_out, new_session
from doorward.services.sts.session_tags import pairs, refuse_impossible
from doorward.services.sts.session_token import DEFAULT_S, shortened
from doorward.services.sts.targets import federated_user, tagging_federated_user


@operation(
    "sts",
    on=federated_user,
    keys=(keys.session_tags,),
    also=(tagging_federated_user,),
    reads=True,
)
def get_federation_token(
    call: Call,
    *,
    name: str,
    policy: str | None = None,
    policy_arns: Sequence[Mapping[str, str]] = (),
    duration_seconds: int = DEFAULT_S,
    tags: Sequence[Mapping[str, str]] = (),
    minimum_session_token_size: int = 0,
) -> dict[str, Any]:
    """Open a session of a federated user; without session policies it may do nothing.

    Sessions are refused before: `authn.session_scope`.
    """
    caller = call.caller
    passed = pairs(tags)
    refuse_impossible(caller, passed, ())
    limits = session_policies.accepted(call, call.account, policy, policy_arns)
    percent = session_policies.packed_percent(limits, passed)
    session = replace(
        new_session(
            call,
            SessionKind.FEDERATED_USER,
            account=caller.account,
            entity_arn=caller.entity_arn,
            entity_id=caller.entity_id,
            name=name,
            duration_s=shortened(caller.kind, duration_seconds),
        ),
        policy=limits.inline,
        policy_arns=limits.arns,
        tags=passed,
    )
    federated = Caller.of_session(session)
    return {
        **handed_out(call, session, minimum_session_token_size),
        "FederatedUser": {"FederatedUserId": federated.unique_id, "Arn": federated.arn},
        "PackedPolicySize": percent,
    }
