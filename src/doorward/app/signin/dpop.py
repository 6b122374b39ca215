"""Proof of possession: whoever sends a request holds the key that its tokens are bound to.

Source: RFC 9449, sections 4.2 and 4.3, in the form the AWS CLI sends (`aws login`).
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from doorward.store.marks import Mark

ALGORITHM = "ES256"
CURVE = "P-256"
KIND = "dpop+jwt"
WINDOW = timedelta(minutes=5)
LONGEST_PROOF = 2048
LONGEST_ID = 256
_PUBLIC = frozenset({"kty", "crv", "x", "y", "kid", "alg", "use", "key_ops"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BadProof(Exception):  # noqa: N818 - a verdict
    """The header proves nothing; why, for the log."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that holds; whether it came before is for `mark` to tell.

    Attributes:
        thumbprint: Of the key, RFC 7638: SHA-256, base64url.
    """

    thumbprint: str
    proof_id: str
    at: datetime

    @property
    def mark(self) -> Mark:
        """Counted once; kept until nobody would believe the proof any more."""
        proof_id = self.proof_id.encode("utf-8", "surrogatepass")
        named = urlsafe_b64encode(sha256(proof_id).digest()).decode()
        until = self.at + 2 * WINDOW
        return Mark(f"dpop/{self.thumbprint}/{named}", 0, int(until.timestamp() * 1000))


def read_proof(text: str, method: str, address: str, now: datetime) -> Proof:
    """Verify a DPoP header.

    Args:
        text: Its value.
        method: The request's.
        address: Scheme, authority and path the client reached us by.
        now: Aware; the proof may be five minutes off.

    Raises:
        BadProof: it is malformed, for another request, of another time, or signed by another key.
    """
    # SPEED: only those who log in need it.
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey

    if len(text) > LONGEST_PROOF:
        raise BadProof("the proof is too long")
    try:
        header = jws.extract_compact(text.encode()).headers()
        key = ECKey.import_key(_public_key(header))
        claims = _claims(jws.deserialize_compact(text, key, algorithms=[ALGORITHM]).payload)
        thumbprint = key.thumbprint()
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadProof(f"the proof does not verify: {error}") from error
    _refuse_other_request(claims, method, address)
    return Proof(thumbprint, _proof_id(claims), _proof_time(claims, now))


def _public_key(header: dict[str, Any]) -> dict[str, Any]:
    key = header.get("jwk")
    if header.get("typ") != KIND or header.get("alg") != ALGORITHM or "crit" in header:
        raise ValueError(f"expected {KIND} signed with {ALGORITHM}")
    # INVARIANT: a private key that was sent is everybody's.
    if not isinstance(key, dict) or key.get("crv") != CURVE or not _PUBLIC.issuperset(key):
        raise ValueError(f"expected a public key on {CURVE}")
    return key


def _claims(payload: bytes) -> dict[str, Any]:
    import json

    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise TypeError("the proof's claims are no object")
    return claims


def _refuse_other_request(claims: dict[str, Any], method: str, address: str) -> None:
    if claims.get("htm") != method:
        raise BadProof("the proof is for another method")
    named = claims.get("htu")
    if not isinstance(named, str) or _target(named) != _target(address):
        raise BadProof(f"the proof is for {named!r}, the request came to {address}")


def _target(address: str) -> tuple[str, str, int | None, str] | None:
    """What must be equal: scheme, host, port and path; query and fragment do not count."""
    try:
        parts = urlsplit(address)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, parts.hostname or "", port, parts.path or "/"


def _proof_id(claims: dict[str, Any]) -> str:
    found = claims.get("jti")
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
        raise BadProof("the proof has no id")
    return found


def _proof_time(claims: dict[str, Any], now: datetime) -> datetime:
    made = claims.get("iat")
    if not isinstance(made, int) or isinstance(made, bool):
        raise BadProof("the proof does not say when it was made")
    off = made - int(now.timestamp())
    if abs(off) > WINDOW.total_seconds():
        raise BadProof(f"the proof is {off} s off")
    return datetime.fromtimestamp(made, now.tzinfo)
