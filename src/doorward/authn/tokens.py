"""Bearer tokens: `dwt_<id>_<secret>`, for callers of Doorward's own operations that do not sign.

The id names the account, so that a token is looked for in one place; of the secret only a digest
is kept. Both alphabets and the prefix are fixed, so that scanners for leaked secrets know it.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from doorward.account.model import Token
from doorward.authn import failures
from doorward.authn.request import HttpRequest
from doorward.authn.signature import is_presigned

PREFIX = "dwt_"
RANDOM_BYTES = 5 + 32

_TOKEN = re.compile(r"dwt_([a-z2-7]{16})_([A-Za-z0-9_-]{43})")
_NOBODYS = sha256(b"the digest of no token").digest()
_LAST_ACCOUNT = 999_999_999_999
_ID_BYTES = 5


class NewToken(NamedTuple):
    """A token as it is handed out once, and what is kept of it."""

    id: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token somebody sent; nothing of it is verified.

    Attributes:
        id: As claimed; empty when the text is no token of ours.
        account: Twelve digits that the id names, or empty.
        digest: SHA-256 of the text.
    """

    id: str
    account: str
    digest: bytes

    @property
    def key_id(self) -> str:
        """What stands where an access key id stands for those who sign."""
        return f"{PREFIX}{self.id}"


def new_token(account: str, random: bytes) -> NewToken:
    """Make a token from RANDOM_BYTES random bytes: 40 bits of id, 256 bits of secret."""
    # INVARIANT: too few bytes would be a secret that can be guessed.
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"{RANDOM_BYTES} random bytes are needed, not {len(random)}")
    named = int(account).to_bytes(_ID_BYTES) + random[:_ID_BYTES]
    token_id = base64.b32encode(named).decode().lower()
    secret = base64.urlsafe_b64encode(random[_ID_BYTES:]).decode().rstrip("=")
    text = f"{PREFIX}{token_id}_{secret}"
    return NewToken(token_id, text, sha256(text.encode()).hexdigest())


def read_bearer(request: HttpRequest) -> Bearer | None:
    """The token of an `Authorization: Bearer` header; None when there is no such header.

    Raises:
        NotAuthentic: IncompleteSignature for two Authorization headers, or a presigned address
            beside it.

    Source: RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1).
    """
    given = [value for name, value in request.headers if name == "authorization"]
    scheme, _, text = given[0].strip().partition(" ") if given else ("", "", "")
    if scheme.lower() != "bearer":
        return None
    if len(given) > 1:
        raise failures.repeated("Authorization")
    if is_presigned(request):
        raise failures.two_carriers()
    return _bearer(text.strip())


def _bearer(text: str) -> Bearer:
    digest = sha256(text.encode("latin-1", "replace")).digest()
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        return Bearer("", "", digest)
    named = int.from_bytes(base64.b32decode(parts[1].upper())[:_ID_BYTES])
    return Bearer(parts[1], f"{named:012}" if named <= _LAST_ACCOUNT else "", digest)


def matches(bearer: Bearer, token: Token | None) -> bool:
    """Whether it is this token; one that is not there takes as long as a wrong one."""
    kept = bytes.fromhex(token.digest) if token else _NOBODYS
    same = hmac.compare_digest(bearer.digest, kept)
    return same and token is not None
