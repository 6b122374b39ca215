"""GetSessionToken: the caller again, with temporary credentials."""

from dataclasses import replace
from typing import Any

from doorward.account.caller import CallerKind
from doorward.account.session import SessionKind
from doorward.services.call import Call
from doorward.services.registry import anything, operation
from doorward.services.sts import mfa
from doorward.services.sts.credentials import handed_out, new_session

DEFAULT_S = 43200
LONGEST_FOR_ROOT_S = 3600

_KINDS = {CallerKind.USER: SessionKind.USER, CallerKind.ROOT: SessionKind.ROOT}


@operation("sts", on=anything, reads=True, exempt=True, code=mfa.claim)
def get_session_token(
    call: Call,
    *,
    duration_seconds: int = DEFAULT_S,
    serial_number: str | None = None,  # noqa: ARG001 - proven before
    token_code: str | None = None,  # noqa: ARG001 - proven before
    minimum_session_token_size: int = 0,
) -> dict[str, Any]:
    """Open a session of the calling user or root user; policies have no say in it.

    Sessions are refused before: `authn.session_scope`.
    """
    caller = call.caller
    session = new_session(
        call,
        _KINDS[caller.kind],
        account=caller.account,
        entity_arn=caller.entity_arn,
        entity_id=caller.entity_id,
        name=caller.name,
        duration_s=shortened(caller.kind, duration_seconds),
    )
    if call.mfa:
        session = replace(session, mfa_serial=call.mfa.serial, mfa_at=call.mfa.at)
    return handed_out(call, session, minimum_session_token_size)


def shortened(kind: CallerKind, duration_s: int) -> int:
    """The duration granted."""
    # AWS: root's sessions are cut to an hour without a word.
    return min(duration_s, LONGEST_FOR_ROOT_S) if kind is CallerKind.ROOT else duration_s
