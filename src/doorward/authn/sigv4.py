"""Signature Version 4, from the server's side: does this request come from who holds the key?

`read_signature` reads the claim, the caller finds the secret, `verify` proves it.
"""

import hmac
import re
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from doorward.authn import failures
from doorward.authn.canonical import canonical_request, joined_headers, wire_bytes
from doorward.authn.request import HttpRequest
from doorward.authn.signature import ALGORITHM, TERMINATOR, Signature, read_signature
from doorward.authn.signing_keys import DUMMY_KEY, SigningKeys, signing_key

__all__ = [
    "DUMMY_KEY",
    "GLOBAL_SERVICES",
    "Signature",
    "SigningKeys",
    "read_signature",
    "signing_key",
    "verify",
]

GLOBAL_SERVICES = frozenset({"iam", "organizations"})
"""AWS wants these signed for us-east-1."""

_WINDOW_S = {"iam": 900, "sts": 900, "s3": 900}
_OTHER_WINDOW_S = 300
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")
_MUST_BE_SIGNED = (
    ("x-amz-security-token", "'X-Amz-Security-Token'"),
    ("x-amz-target", "'X-Amz-Target'"),
)


def verify(
    request: HttpRequest,
    signature: Signature,
    key: bytes,
    now: datetime,
    *,
    service: str | None = None,
    strict_regions: bool = False,
    explain: bool = False,
    window_s: int | None = None,
) -> None:
    """Prove that whoever holds the key signed this request, for here and now.

    Args:
        request: As it came off the wire; the `host` header is the one the client sent.
        signature: Read from the same request.
        key: The `signing_key` of the signature's scope; `DUMMY_KEY` if there is none.
        now: Aware UTC time of the call.
        service: The signing name of the service called, where it is known otherwise.
        strict_regions: Insist on us-east-1 for global services, as AWS does.
        explain: Tell the caller what should have been signed.
        window_s: How far the clocks may differ; AWS's for the service when None.

    Raises:
        NotAuthentic: SignatureDoesNotMatch; for S3 RequestTimeTooSkewed or AccessDenied as well.
    """
    # 1. Signed for this day, region and service.
    stamp = _basic(signature.timestamp)
    _check_scope(signature, stamp, service, strict_regions)
    # 2. Signed now.
    _check_time(signature, now.replace(microsecond=0), window_s)
    # 3. Signed over everything that decides.
    headers = joined_headers(request.headers)
    _check_signed_headers(signature, headers)
    # 4. Signed with this key.
    canonical = canonical_request(
        request,
        headers,
        sorted(signature.signed_headers),
        s3=signature.service == "s3",
        presigned=signature.presigned,
    )
    to_sign = _string_to_sign(signature, stamp, canonical)
    wanted = hmac.digest(key, wire_bytes(to_sign), "sha256").hex()
    if not hmac.compare_digest(wanted.encode(), wire_bytes(signature.signature)):
        detail = _should_have_been(canonical, to_sign) if explain else ""
        raise failures.does_not_match(signature.access_key_id, detail=detail)


@lru_cache(maxsize=1024)
def _is_region(name: str) -> bool:
    return _REGION.fullmatch(name) is not None


def _check_scope(
    signature: Signature, stamp: str, service: str | None, strict_regions: bool
) -> None:
    wrong = []
    region = signature.region
    here = strict_regions and signature.service in GLOBAL_SERVICES
    if not _is_region(region) or (here and region != "us-east-1"):
        wrong.append(f"Credential should be scoped to a valid region, not '{region}'.")
    if service is not None and signature.service != service:
        wrong.append(f"Credential should be scoped to correct service: '{service}'.")
    day = stamp[:8]
    if signature.date != day:
        wrong.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
            f" HTTP: '{signature.date}' != '{day}', from '{stamp}'."
        )
    if wrong:
        raise failures.bad_scope(signature.access_key_id, wrong)


def _check_time(signature: Signature, now: datetime, window_s: int | None) -> None:
    """Not more than the window in the future, not longer ago than the window or the URL's life."""
    window = _WINDOW_S.get(signature.service, _OTHER_WINDOW_S) if window_s is None else window_s
    life = _life_s(signature, window)
    age_s = (now - signature.timestamp).total_seconds()
    if -window <= age_s <= life:
        return
    key_id, early = signature.access_key_id, age_s < 0
    if signature.service == "s3":
        over = signature.presigned and not early
        raise failures.s3_expired(key_id) if over else failures.s3_skewed(key_id)
    span_s = window if early else life
    limit = now + timedelta(seconds=span_s if early else -span_s)
    span = f"{span_s // 60} min." if span_s % 60 == 0 else f"{span_s} sec."
    failure = failures.too_early if early else failures.too_late
    raise failure(key_id, _basic(signature.timestamp), _basic(limit), _basic(now), span)


def _life_s(signature: Signature, window_s: int) -> int:
    """How long after its timestamp a signature holds."""
    # AWS: STS ignores X-Amz-Expires; a presigned GetCallerIdentity holds for the usual window
    # (documented by the EKS authenticator, whose tokens say 60 s and are used for 14 minutes).
    if signature.expires_s is None or signature.service == "sts":
        return window_s
    return signature.expires_s


def _check_signed_headers(signature: Signature, headers: dict[str, str]) -> None:
    signed = signature.signed_headers
    if "host" not in signed:
        raise failures.not_signed(signature.access_key_id, "'Host' or ':authority'")
    for name, shown in _MUST_BE_SIGNED:
        if name in headers and name not in signed:
            raise failures.not_signed(signature.access_key_id, shown)
    for name in signed:
        if name not in headers:
            reason = f"the signed header {name!r} did not arrive"
            raise failures.does_not_match(signature.access_key_id, reason)


def _string_to_sign(signature: Signature, stamp: str, canonical: str) -> str:
    scope = f"{signature.date}/{signature.region}/{signature.service}/{TERMINATOR}"
    digest = sha256(wire_bytes(canonical)).hexdigest()
    return f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}"


def _should_have_been(canonical: str, to_sign: str) -> str:
    return (
        f"\n\nThe Canonical String for this request should have been\n'{canonical}'"
        f"\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
    )


def _basic(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")
