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
        "authorize": 8 * 1024 * 1024,
        "CreateSAMLProvider": 32 * 1024 * 1024,
        "UpdateSAMLProvider": 32 * 1024 * 1024,
    }
)
LARGEST_BODY = max(BODY_LIMITS.values())
SINGLE_HEADERS = ("authorization", "host", "x-amz-date")


def body_limit(operation_name: str | None) -> int:
    """Bytes a body may have; None is an operation not known yet. `authorize` is our own call."""
    return BODY_LIMITS.get(operation_name or "", DEFAULT_BODY_LIMIT)


def refuse_oversized(request: HttpRequest, operation_name: str | None = None) -> None:
    """Refuse a request beyond the bounds or with a repeated header that must be single.

    Raises:
        AwsError: UriTooLong, HeadersTooLarge, RepeatedHeader or BodyTooLarge.
    """
    if len(request.path) + len(request.query) + 1 > URI_LIMIT:
        raise UriTooLong(f"The request URI exceeds {URI_LIMIT} bytes.")
    if sum(len(name) + len(value) for name, value in request.headers) > HEADERS_LIMIT:
        raise HeadersTooLarge(f"The request headers exceed {HEADERS_LIMIT} bytes.")
    names = [name for name, _ in request.headers]
    for single in SINGLE_HEADERS:
        if names.count(single) > 1:
            raise RepeatedHeader.named(single)
    limit = body_limit(operation_name)
    if len(request.body) > limit:
        raise BodyTooLarge(f"The request body exceeds {limit} bytes.")
