"""AWS Security Token Service, version 2011-06-15."""

from doorward.services.sts import (
    assume_role,
    authorization_message,
    caller_identity,
    federation_token,
    key_info,
    session_token,
)

__all__ = [
    "assume_role",
    "authorization_message",
    "caller_identity",
    "federation_token",
    "key_info",
    "session_token",
]
