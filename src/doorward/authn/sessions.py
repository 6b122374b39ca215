"""The sealed token that carries a session.

No node keeps a table of sessions: the token holds all of it, and whoever has the ring can read
it. What ends a session early (a revocation floor) comes with the account.
"""

from dataclasses import fields
from operator import attrgetter
from types import GenericAlias
from typing import Any, get_type_hints

import msgspec

from doorward.account.session import Session, SessionKind
from doorward.authn import failures
from doorward.authn.sealing import MAX_SEALED_CHARS, KeyRing, seal_text, unseal_text
from doorward.authn.signature import Signature

__all__ = [
    "MAX_SEALED_CHARS",
    "KeyRing",
    "Session",
    "SessionKind",
    "packed",
    "presented_session",
    "seal",
    "seal_text",
    "unpacked",
    "unseal",
    "unseal_text",
]


# INVARIANT: a token is the session's fields in order. A field added, moved or retyped makes the
# tokens that are out unreadable, so such a change needs another kind here.
_KIND = "session"
_HINTS = get_type_hints(Session)
_VALUES = attrgetter(*(each.name for each in fields(Session)))
_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[tuple[Any, ...]] = msgspec.msgpack.Decoder(
    GenericAlias(tuple, tuple(_HINTS[each.name] for each in fields(Session)))
)


def packed(session: Session) -> bytes:
    """The session in few bytes, to be sealed by itself or within something else."""
    return _ENCODER.encode(_VALUES(session))


def unpacked(payload: bytes) -> Session:
    """The session of these bytes.

    Raises:
        msgspec.DecodeError: they are of another version.
    """
    return Session(*_DECODER.decode(payload))


def seal(session: Session, ring: KeyRing, nonce: bytes) -> str:
    """Make the session token; one above MAX_SEALED_CHARS will not be accepted back."""
    return seal_text(_KIND, packed(session), ring, nonce)


def unseal(token: str, ring: KeyRing) -> Session:
    """Read a session token. Whether it is over is for the caller to ask.

    Raises:
        NotAuthentic: InvalidClientTokenId for anything that is not a token of ours.
    """
    payload = unseal_text(_KIND, token, ring)
    if payload is None:
        raise failures.bad_token("the session token is not one of ours")
    try:
        return unpacked(payload)
    except msgspec.DecodeError:
        raise failures.bad_token("the session token is of another version") from None


def presented_session(signature: Signature, ring: KeyRing) -> Session | None:
    """The session whose temporary key a request claims, None for a long-term key.

    Raises:
        NotAuthentic: InvalidClientTokenId for a temporary key without its token, a token that
            is another key's, and a long-term key with a token.
    """
    key_id = signature.access_key_id
    if signature.token is None:
        if key_id.startswith("ASIA"):
            raise failures.bad_token("a temporary key came without its token", key_id)
        return None
    session = unseal(signature.token, ring)
    if session.access_key_id != key_id:
        raise failures.bad_token("the session token is another key's", key_id)
    return session
