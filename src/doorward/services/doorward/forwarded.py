"""GET /authorize/forwarded: nginx holds a request back and asks about it with its headers.

nginx hands the client's own headers on, its method, address and signature under names of ours, and
what the configuration knows: the action, the resource and who owns it. A body never comes along.
"""

from collections.abc import Iterator
from typing import Any, Final

from doorward.authn.request import HttpRequest
from doorward.authn.sigv4 import read_signature
from doorward.services.call import Call
from doorward.services.doorward.authorize import ACTION, each_asked_about
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import Question, is_carried, is_digest
from doorward.services.doorward.judging import verdict
from doorward.services.registry import Evidence, Params, anything, operation

OK: Final = 200
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
DIGEST: Final = "x-amz-content-sha256"
CHALLENGE: Final = 'AWS4-HMAC-SHA256 realm="doorward"'
UNSEEN: Final = (
    "the body is not seen here: send its digest in X-Amz-Content-Sha256 and sign with it"
)
LONGEST_REASON: Final = 512

_OURS: Final = ("x-original-", "x-doorward-")
_REWRITTEN: Final = frozenset({"authorization", "host", "connection", "content-length"})
"""Headers in which nginx speaks for itself."""


def held_back(request: HttpRequest, params: Params) -> Iterator[Evidence]:
    """The client's request, as it came to nginx.

    Raises:
        ValidationException: a header that decides came twice, or holds what HTTP cannot carry.
    """
    names = [name for name, _ in request.headers]
    for name in sorted(set(names)):
        # INVARIANT: nginx sets each of these once, so a second one is the client's.
        if (name.startswith(_OURS) or name == DIGEST) and names.count(name) > 1:
            raise ValidationException.at(name, "was sent twice")
    if not is_carried(params["uri"]) or not params["uri"].startswith("/"):
        raise ValidationException.at("x-original-uri", "expected a path")
    yield Evidence(_original(request, params), judge=False)


@operation(
    "doorward",
    on=anything,
    also=(each_asked_about,),
    reads=True,
    action=ACTION,
    evidence=held_back,
)
def authorize_forwarded(
    call: Call,
    *,
    method: str,
    uri: str,  # noqa: ARG001 - part of the evidence
    host: str,  # noqa: ARG001 - as above
    proto: str,  # noqa: ARG001 - as above
    source: str,
    action: str,
    resource: str,
    resource_account: str,
    authorization: str | None = None,  # noqa: ARG001 - as above
    content_length: str | None = None,  # noqa: ARG001 - as above
) -> dict[str, Any]:
    """Say 200, 401 or 403, which is all that nginx understands."""
    (proven,) = call.proven
    if not proven.refusal and proven.caller.arn and not _covers_body(proven.request, method):
        return _refused(FORBIDDEN, UNSEEN)
    question = Question(
        action=action,
        resource=resource,
        resource_account=resource_account,
        context={"aws:SourceIp": source},
    )
    found = verdict(call, question, proven)
    if found.allowed:
        return {"status": OK, "principal": found.principal or None}
    return _refused(FORBIDDEN if proven.caller.arn else UNAUTHORIZED, found.reason)


def _refused(status: int, reason: str) -> dict[str, Any]:
    told = {"status": status, "reason": reason[:LONGEST_REASON]}
    return told | ({"authenticate": CHALLENGE} if status == UNAUTHORIZED else {})


def _original(request: HttpRequest, params: Params) -> HttpRequest:
    headers = [
        (name, value)
        for name, value in request.headers
        if name not in _REWRITTEN and not name.startswith(_OURS)
    ]
    headers.append(("host", params["host"]))
    given = [name for name in ("authorization", "content_length") if name in params]
    headers += [(name.replace("_", "-"), params[name]) for name in given]
    path, _, query = params["uri"].partition("?")
    said = request.header(DIGEST) or ""
    return HttpRequest(
        params["method"],
        path,
        query,
        tuple(headers),
        b"",
        params["source"],
        params["proto"] == "https",
        said if is_digest(said) else None,
    )


def _covers_body(request: HttpRequest, method: str) -> bool:
    """The signature says what the body is, or that it leaves it open, as S3 lets it."""
    if method in BODILESS or request.body_sha256 is not None:
        return True
    signature = read_signature(request)
    if signature is None or signature.service != "s3":
        return False
    said = request.header(DIGEST) or ""
    return signature.presigned or (said == "UNSIGNED-PAYLOAD" and request.secure)
