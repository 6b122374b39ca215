"""Where a request really came from: trusted proxies, and pages of other origins."""

import re
from ipaddress import ip_address
from typing import Any

from doorward.app.config import Settings, networks, words
from doorward.authn.request import HttpRequest

# SPEED: names that always come are always the same objects, so that they compare in no time.
_NAMES = {
    name.encode(): name
    for name in (
        "accept-encoding",
        "amz-sdk-invocation-id",
        "amz-sdk-request",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-target",
    )
}
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# INVARIANT: a name and a port, nothing else. Addresses are made of it, that of root's recovery
# among them, and a browser reads `evil.example\@localhost` as another host than a parser does.
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?")


class Guard:
    """Reads requests off an ASGI scope; believes `X-Forwarded-*` of trusted proxies alone."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = networks(settings["http.trusted_proxies"])
        self._hosts = LOCAL_HOSTS | set(words(settings["http.allowed_hosts"]))

    def request_of(self, scope: Any, body: bytes) -> HttpRequest:
        """The request as the client sent it."""
        headers = tuple(
            (_NAMES.get(name) or name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
        )
        source = scope["client"][0] if scope.get("client") else "127.0.0.1"
        secure = scope["scheme"] == "https"
        if self._proxies and self._is_proxy(source):
            source, secure, headers = self._forwarded(source, headers, secure=secure)
        return HttpRequest(
            scope["method"],
            (scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            headers,
            body,
            source,
            secure,
        )

    def is_own_page(self, request: HttpRequest) -> bool:
        """No page of another origin, and no name that was pointed at us, made this request."""
        host = request.header("host") or ""
        if host_name(request) not in self._hosts:
            return False
        origin = request.header("origin")
        if origin is None:
            return True
        scheme, _, authority = origin.partition("://")
        # A page that came in the clear may be anybody's on the way; a proxy that speaks TLS for
        # us and is not named as one makes `https` of our `http`.
        return authority == host and (scheme == "https" or not request.secure)

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)

    def _forwarded(
        self, source: str, headers: tuple[tuple[str, str], ...], *, secure: bool
    ) -> tuple[str, bool, tuple[tuple[str, str], ...]]:
        given = dict(headers)
        # A proxy may append to the line it was given, or add one of its own below.
        lines = [value for name, value in headers if name == "x-forwarded-for"]
        for hop in reversed(words(",".join(lines))):
            source = hop
            if not self._is_proxy(hop):
                break
        if "x-forwarded-proto" in given:
            secure = given["x-forwarded-proto"] == "https"
        host = given.get("x-forwarded-host")
        if host:
            headers = (*(pair for pair in headers if pair[0] != "host"), ("host", host))
        return source, secure, headers


def host_name(request: HttpRequest) -> str | None:
    """The name the request was sent to, without its port; None for a `Host` that is none."""
    found = _AUTHORITY.fullmatch(request.header("host") or "")
    return (found[1] or found[2]).lower() if found else None
