"""Encoded authorization messages: why a call was refused, for those who may know."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from doorward.services.call import Call, Desk
from doorward.services.registry import anything, operation
from doorward.services.sts.errors import InvalidAuthorizationMessage

LIFE = timedelta(hours=24)


class _Sealed(msgspec.Struct, array_like=True):
    expires: datetime
    text: str


def encode(desk: Desk, account_id: str, message: Mapping[str, Any], now: datetime) -> str:
    """Seal what `message` made, for a day and for the callers of one account."""
    text = msgspec.json.encode(message).decode()
    return desk.seal(_kind(account_id), msgspec.json.encode(_Sealed(now + LIFE, text)).decode())


def message(
    *,
    explicit: bool,
    matched: tuple[Mapping[str, Any], ...],
    principal: Mapping[str, str],
    action: str,
    resource: str,
    conditions: Mapping[str, str | tuple[str, ...]],
) -> dict[str, Any]:
    """A refusal in the form AWS decodes it to.

    Args:
        explicit: A Deny statement decided.
        matched: The statements that decided, as their members are to be shown.
        principal: `id`, `name` and `arn` of the caller.
        action: As in `iam:CreateUser`.
        resource: The ARN asked about.
        conditions: The context of the decision.
    """
    return {
        "allowed": False,
        "explicitDeny": explicit,
        "matchedStatements": {"items": list(matched)},
        "failures": {"items": []},
        "context": {
            "principal": dict(principal),
            "action": action,
            "resource": resource,
            "conditions": {"items": [_condition(*each) for each in sorted(conditions.items())]},
        },
    }


@operation("sts", on=anything, reads=True)
def decode_authorization_message(call: Call, *, encoded_message: str) -> dict[str, str]:
    """Decode a message of the caller's account."""
    text = call.desk.unseal(_kind(call.account.id), encoded_message)
    if text is None:
        raise InvalidAuthorizationMessage.not_valid()
    sealed = msgspec.json.decode(text, type=_Sealed)
    if call.now >= sealed.expires:
        raise InvalidAuthorizationMessage.not_valid()
    return {"DecodedMessage": sealed.text}


def _kind(account_id: str) -> str:
    return f"authorization-message/{account_id}"


def _condition(key: str, value: str | tuple[str, ...]) -> dict[str, Any]:
    values = (value,) if isinstance(value, str) else value
    return {"key": key, "values": {"items": [{"value": each} for each in values]}}
