"""How large a request may be, and which headers must be single (specification: SIG-23)."""

from collections.abc import Mapping
from types import MappingProxyType

from doorward.authn.request import HttpRequest
from doorward.wire.errors import BodyTooLarge, HeadersTooLarge, RepeatedHeader, UriTooLong

URI_LIMIT = 8 * 1024
HEADERS_LIMIT = 16 * 1024
DEFAULT_BODY_LIMIT = 1024 * 1024
BODY_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "SimulateCustomPolicy": 8 * 1024 * 1024,
        "SimulatePrincipalPolicy": 8 * 1024 * 1024,
        "Authorize": 8 * 1024 * 1024,
        "EvaluateMany": 8 * 1024 * 1024,
        "CreateSAMLProvider": 32 * 1024 * 1024,
        "UpdateSAMLProvider": 32 * 1024 * 1024,
    }
)
LARGEST_BODY = max(BODY_LIMITS.values())
SINGLE_HEADERS = ("authorization", "host", "x-amz-date")


def body_limit(operation_name: str | None) -> int:
    """Bytes a body may have; None is an operation not known yet."""
    return BODY_LIMITS.get(operation_name or "", DEFAULT_BODY_LIMIT)


def refuse_oversized_head(request: HttpRequest) -> None:
    """Refuse a URI or headers beyond the bounds, or a repeated header that must be single.

    Raises:
        AwsError: UriTooLong, HeadersTooLarge or RepeatedHeader.
    """
    if len(request.path) + len(request.query) + 1 > URI_LIMIT:
        raise UriTooLong(f"The request URI exceeds {URI_LIMIT} bytes.")
    size, seen = 0, set()
    for name, value in request.headers:
        size += len(name) + len(value)
        if name in SINGLE_HEADERS:
            if name in seen:
                raise RepeatedHeader.named(name)
            seen.add(name)
    if size > HEADERS_LIMIT:
        raise HeadersTooLarge(f"The request headers exceed {HEADERS_LIMIT} bytes.")


def refuse_oversized_body(request: HttpRequest, operation_name: str | None) -> None:
    """Refuse a body beyond the operation's bound.

    Raises:
        BodyTooLarge: it is.
    """
    limit = body_limit(operation_name)
    if len(request.body) > limit:
        raise BodyTooLarge(f"The request body exceeds {limit} bytes.")
