"""botocore's requests answered without a socket."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict

from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def sent(answer: Answer, request: AWSPreparedRequest) -> AWSResponse:
    """What botocore would have read off the wire."""
    given = answer(request_of(request))
    headers = HeadersDict()
    for name, value in given.headers:
        headers[name] = value
    return AWSResponse(request.url, given.status, headers, _Raw(given.body))


def request_of(request: AWSPreparedRequest) -> HttpRequest:
    """The request as it would have come in."""
    url = urlsplit(request.url)
    headers = [(name.lower(), _text(value)) for name, value in request.headers.items()]
    if "host" not in dict(headers):
        headers.append(("host", url.netloc))
    return HttpRequest(
        request.method,
        url.path or "/",
        url.query,
        tuple(headers),
        _bytes(request.body),
        secure=url.scheme == "https",
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body.read() if hasattr(body, "read") else body)


class _Raw:
    """The part of urllib3's response that botocore reads; no operation streams its answer."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body
