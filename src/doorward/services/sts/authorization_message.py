"""Encoded authorization messages: why a call was refused, for those who may know."""

from datetime import UTC, datetime

import msgspec

from doorward.services.call import Call
from doorward.services.registry import anything, operation
from doorward.services.sts.errors import InvalidAuthorizationMessage


class _Sealed(msgspec.Struct):
    """What the assembly seals: seconds since the epoch, and the JSON to show."""

    expires: int
    message: msgspec.Raw


@operation("sts", on=anything, reads=True)
def decode_authorization_message(call: Call, *, encoded_message: str) -> dict[str, str]:
    """Decode a message that was made for the caller's account, as long as it lives."""
    text = call.desk.unseal(f"authorization-message/{call.account.id}", encoded_message)
    if text is None:
        raise InvalidAuthorizationMessage.not_valid()
    sealed = msgspec.json.decode(text, type=_Sealed)
    if call.now >= datetime.fromtimestamp(sealed.expires, UTC):
        raise InvalidAuthorizationMessage.not_valid()
    return {"DecodedMessage": bytes(sealed.message).decode()}
