"""New temporary credentials: a session, sealed, and the members AWS answers with."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from doorward.account.session import Session, SessionKind
from doorward.authn.key_ids import access_key_id, secret_access_key
from doorward.services.call import Call

ROOM = 4096
"""Characters of a token that SessionTokenUtilization is a percentage of; recorded with STS."""

PADDING = "doorward:Padding"


def new_session(
    call: Call,
    kind: SessionKind,
    *,
    account: str,
    entity_arn: str,
    entity_id: str,
    name: str,
    duration_s: int,
) -> Session:
    """A session with a key of its own, from now on; what else it carries is for `replace`."""
    # AWS: times of credentials are whole seconds, as ISO 8601 shows them.
    issued_at = call.now.replace(microsecond=0)
    return Session(
        access_key_id=access_key_id("ASIA", account, call.random(5)),
        secret_access_key=secret_access_key(call.random(30)),
        account=account,
        kind=kind,
        entity_arn=entity_arn,
        entity_id=entity_id,
        name=name,
        issued_at=issued_at,
        expires_at=issued_at + timedelta(seconds=duration_s),
        issuer_access_key_id=call.caller.access_key_id,
    )


def handed_out(call: Call, session: Session, minimum_size: int) -> dict[str, Any]:
    """Credentials, SessionTokenSize and SessionTokenUtilization of a session."""
    token = _token(call, session, minimum_size)
    return {
        "Credentials": {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key,
            "SessionToken": token,
            "Expiration": session.expires_at,
        },
        "SessionTokenSize": len(token),
        "SessionTokenUtilization": len(token) * 100 // ROOM,
    }


def _token(call: Call, session: Session, minimum_size: int) -> str:
    """The token, made longer with chance text when the caller wants to try a long one."""
    token = call.desk.seal_session(session)
    padding = ""
    while len(token) < minimum_size:
        padding += secret_access_key(call.random(30))
        padded = replace(session, context=(*session.context, (PADDING, padding)))
        token = call.desk.seal_session(padded)
    return token
