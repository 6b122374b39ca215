"""Bearer tokens: made, listed and ended by callers who sign."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from doorward.account.model import Role, Token
from doorward.authn.tokens import PREFIX, RANDOM_BYTES, new_token
from doorward.services.call import Call
from doorward.services.doorward.errors import (
    AccessDeniedException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
)
from doorward.services.registry import Params, Question, Target, anything, operation

DEFAULT_DAYS = 90
MOST_TOKENS = 500


def role_named(call: Call, params: Params) -> Target:
    """The role a token is to be made for."""
    role = call.account.role(params["role"])
    if role is None:
        return Target(f"arn:aws:iam::{call.account.id}:role/{params['role']}")
    return Target(call.account.arn(role), tags=role.tags)


def role_of_token(call: Call, params: Params) -> Target:
    """The role a token is for; no resource, where there is none any more."""
    token = call.account.token(params["id"])
    role = call.account.by_id(token.role_id) if token else None
    return Target(call.account.arn(role), tags=role.tags) if isinstance(role, Role) else Target("*")


def passing_the_role(call: Call, params: Params) -> Iterator[Question]:
    """Whoever makes a token hands the role's permissions on."""
    passed = {"iam:PassedToService": "doorward"}
    yield Question("iam:PassRole", role_named(call, params), passed)


@operation("doorward", on=role_named, also=(passing_the_role,))
def create_token(
    call: Call, *, role: str, name: str = "", days: int = DEFAULT_DAYS
) -> dict[str, Any]:
    """Make a token; its text is shown this once."""
    _refuse_bearer(call)
    found = call.account.role(role)
    if found is None:
        raise ResourceNotFoundException.role(role)
    _forget_expired(call)
    if call.account.count(Token) >= MOST_TOKENS:
        raise ServiceQuotaExceededException.tokens(MOST_TOKENS)
    made = new_token(call.account.id, call.random(RANDOM_BYTES))
    token = Token(
        id=made.id,
        name=name,
        role_id=found.role_id,
        created=call.now,
        expires=call.now + timedelta(days=days),
        created_by=call.caller.arn,
        digest=made.digest,
    )
    call.update(token)
    return {"token": made.text, "details": _shown(call, token)}


@operation("doorward", on=anything, reads=True)
def list_tokens(call: Call) -> dict[str, Any]:
    """Say which tokens there are, oldest first; expired ones until the next is made."""
    tokens = sorted(call.account.all(Token), key=lambda token: (token.created, token.id))
    return {"tokens": [_shown(call, token) for token in tokens]}


@operation("doorward", on=role_of_token)
def delete_token(call: Call, *, id: str) -> None:  # noqa: A002 - the model's name for it
    """End a token at once."""
    _refuse_bearer(call)
    token = call.account.token(id)
    if token is None:
        raise ResourceNotFoundException.token(id)
    call.remove([token])


def _refuse_bearer(call: Call) -> None:
    # INVARIANT: a token that leaked could otherwise outlive its own revocation.
    if (call.caller.access_key_id or "").startswith(PREFIX):
        raise AccessDeniedException.token_makes_tokens()


def _forget_expired(call: Call) -> None:
    call.remove([token for token in call.account.all(Token) if token.expires <= call.now])


def _shown(call: Call, token: Token) -> dict[str, Any]:
    role = call.account.by_id(token.role_id)
    used = call.last_use(f"{PREFIX}{token.id}")
    return {
        "id": token.id,
        "name": token.name or None,
        # A role that is gone leaves its id, as in AWS's trust policies.
        "role": role.name if isinstance(role, Role) else token.role_id,
        "created": token.created,
        "expires": token.expires,
        "created_by": token.created_by,
        "last_used": used.at if used else None,
    }
