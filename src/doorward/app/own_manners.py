"""What answers of Doorward's own service have beyond those of AWS's: AuthZEN's transport rules.

Source: OpenID AuthZEN Authorization API 1.0, "Error Responses" and "Request Identification";
RFC 6750 section 3.
"""

from dataclasses import replace

from doorward.app.trace import Trace
from doorward.catalog.models import OWN
from doorward.wire.response import HttpResponse

UNAUTHORIZED = 401
LONGEST_ID = 256
_PATHS = ("/access/v1/", "/authorize")


def is_own(trace: Trace) -> bool:
    """The request is for Doorward's own service, as far as it can be told."""
    if trace.route:
        return trace.route.service.name == OWN
    signed_for = trace.signature.service if trace.signature else None
    return signed_for == OWN or trace.request.path.startswith(_PATHS)


def challenged(trace: Trace, response: HttpResponse) -> HttpResponse:
    """Say 401 to whoever proved nothing, where AWS says 400 or 403."""
    wrong = ', error="invalid_token"' if trace.bearer else ""
    header = ("WWW-Authenticate", f'Bearer realm="doorward"{wrong}')
    return replace(response, status=UNAUTHORIZED, headers=(*response.headers, header))


def identified(trace: Trace, response: HttpResponse) -> HttpResponse:
    """Give the sender's own id of the request back with the answer."""
    asked = trace.request.header("x-request-id")
    # INVARIANT: what a sender chose must not end a header, nor fill one.
    if not asked or not asked.isascii() or not asked.isprintable() or len(asked) > LONGEST_ID:
        return response
    return replace(response, headers=(*response.headers, ("X-Request-ID", asked)))
