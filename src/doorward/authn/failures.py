"""Every sentence a failed proof is answered with, in one place.

Codes are the query protocol's; `wire` gives JSON services their own names for them. Sentences
are those AWS was seen to answer; what really failed goes into `reason`, for the trail only.
"""

import base64
from collections.abc import Iterable
from hashlib import sha256

from doorward.errors import NotAuthentic

_NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your"
    " AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_DATE_NEEDED = (
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
)


def missing_token() -> NotAuthentic:
    """No signature at all."""
    return NotAuthentic("MissingAuthenticationToken", "Request is missing Authentication Token")


# --- The signature cannot be read (400) ---------------------------------------------------------


def missing_parts(parts: Iterable[str], *, date: bool, authorization: str) -> NotAuthentic:
    """The `Authorization` header lacks these parts, and the request a date when `date` is set."""
    sentences = [f"Authorization header requires '{part}' parameter." for part in parts]
    sentences += [_DATE_NEEDED] if date else []
    # AWS: the header is echoed hashed, so that a bearer token sent by mistake reaches no log.
    echo = f"(Hashed with SHA-256 and encoded with Base64) Authorization={_digest(authorization)}"
    return NotAuthentic("IncompleteSignature", " ".join([*sentences, echo]))


def missing_query_parts(parts: Iterable[str]) -> NotAuthentic:
    """A presigned URL lacks these parameters."""
    sentences = [f"AWS query-string parameters must include '{part}'." for part in parts]
    last = "Re-examine the query-string parameters."
    return NotAuthentic("IncompleteSignature", " ".join([*sentences, last]))


def not_a_pair(authorization: str) -> NotAuthentic:
    """A part of the `Authorization` header has no equal-sign."""
    return NotAuthentic(
        "IncompleteSignature",
        "Invalid key=value pair (missing equal-sign) in Authorization header"
        f" (hashed with SHA-256 and encoded with Base64): '{_digest(authorization)}'.",
    )


def repeated(name: str) -> NotAuthentic:
    """A part that decides who is calling came more than once."""
    return NotAuthentic("IncompleteSignature", f"'{name}' must not be given more than once.")


def two_carriers() -> NotAuthentic:
    """Signed in the header and in the query string."""
    return NotAuthentic(
        "IncompleteSignature",
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )


def unsupported_algorithm(name: str) -> NotAuthentic:
    """Signed with something else than AWS4-HMAC-SHA256."""
    return NotAuthentic("IncompleteSignature", f"Unsupported AWS 'algorithm': '{name}'.")


def bad_credential(value: str) -> NotAuthentic:
    """The credential is not `key/date/region/service/terminator`."""
    return NotAuthentic(
        "IncompleteSignature",
        "Credential must have exactly 5 slash-delimited elements,"
        f" e.g. keyid/date/region/service/term, got '{value}'",
    )


def bad_date(value: str) -> NotAuthentic:
    """The date is not `YYYYMMDDTHHMMSSZ`, or names no moment."""
    return NotAuthentic(
        "IncompleteSignature",
        f"Date must be in ISO-8601 'basic format'. Got '{value}'."
        " See http://en.wikipedia.org/wiki/ISO_8601",
    )


def bad_expires() -> NotAuthentic:
    """`X-Amz-Expires` is no number from 1 to 604800."""
    return NotAuthentic(
        "IncompleteSignature", "X-Amz-Expires must be between 1 and 604800 seconds."
    )


# --- The signature can be read and does not hold (403) --------------------------------------------


def bad_scope(access_key_id: str, sentences: Iterable[str]) -> NotAuthentic:
    """The credential scope is of another day, region, service or kind of request."""
    return _mismatch(" ".join(sentences), access_key_id, "")


def not_signed(access_key_id: str, name: str) -> NotAuthentic:
    """A header that decides something is not among the signed ones."""
    message = f"{name} must be a 'SignedHeader' in the AWS Authorization."
    return _mismatch(message, access_key_id, "")


def does_not_match(access_key_id: str, reason: str = "", detail: str = "") -> NotAuthentic:
    """The signature is wrong; `detail` is what it should have been made over, when asked for."""
    return _mismatch(_NO_MATCH + detail, access_key_id, reason or "the signature is wrong")


def too_late(access_key_id: str, sent: str, limit: str, server: str, span: str) -> NotAuthentic:
    """Signed too long ago."""
    message = f"Signature expired: {sent} is now earlier than {limit} ({server} - {span})"
    return _mismatch(message, access_key_id, "")


def too_early(access_key_id: str, sent: str, limit: str, server: str, span: str) -> NotAuthentic:
    """Signed in the future."""
    message = f"Signature not yet current: {sent} is still later than {limit} ({server} + {span})"
    return _mismatch(message, access_key_id, "")


def s3_skewed(access_key_id: str) -> NotAuthentic:
    """S3's one sentence for both."""
    message = "The difference between the request time and the current time is too large."
    return NotAuthentic("RequestTimeTooSkewed", message, access_key_id=access_key_id)


def s3_expired(access_key_id: str) -> NotAuthentic:
    """S3's sentence for a presigned URL that is over."""
    return NotAuthentic("AccessDenied", "Request has expired", access_key_id=access_key_id)


# --- The key or its token (403) -------------------------------------------------------------------


def unknown_key(access_key_id: str, reason: str = "no such access key") -> NotAuthentic:
    """A long-term key that is unknown, inactive, deleted or of a closed account."""
    # AWS: with a full stop for long-term keys, without one for session tokens.
    return NotAuthentic(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        reason=reason,
        access_key_id=access_key_id,
    )


def bad_token(reason: str, access_key_id: str | None = None) -> NotAuthentic:
    """A session token that is not ours, not this key's, or not there."""
    return NotAuthentic(
        "InvalidClientTokenId",
        "The security token included in the request is invalid",
        reason=reason,
        access_key_id=access_key_id,
    )


def bad_bearer(reason: str, key_id: str) -> NotAuthentic:
    """A bearer token that is no token of ours, was revoked, or whose role is gone."""
    return NotAuthentic(
        "InvalidClientTokenId",
        "The bearer token included in the request is invalid",
        reason=reason,
        access_key_id=key_id,
    )


def expired_token(access_key_id: str) -> NotAuthentic:
    """A session that is over."""
    return NotAuthentic(
        "ExpiredToken",
        "The security token included in the request is expired",
        access_key_id=access_key_id,
    )


def _mismatch(message: str, access_key_id: str, reason: str) -> NotAuthentic:
    return NotAuthentic(
        "SignatureDoesNotMatch", message, reason=reason, access_key_id=access_key_id
    )


def _digest(text: str) -> str:
    return base64.b64encode(sha256(text.encode(errors="replace")).digest()).decode()
