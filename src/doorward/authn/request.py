"""An HTTP request as a value: what arrived, before anything of it is believed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request as it came off the wire.

    Attributes:
        method: Upper case.
        path: Raw, percent-encoded as sent, without the query; starts with `/`.
        query: Raw text after the `?`, without it.
        headers: Names in lower case, values as sent, in arrival order, repeats kept.
        body: As received.
        source: The client's IP address as text, or an AWS service's name.
        secure: It came over TLS.
        body_sha256: What the body's digest is said to be, in hex, where the body itself was not
            handed on: `body` is then empty, and whoever has the body must check it.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source: str = "127.0.0.1"
    secure: bool = False
    body_sha256: str | None = None

    def header(self, name: str) -> str | None:
        """The first header of that lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None
