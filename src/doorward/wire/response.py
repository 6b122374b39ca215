"""An HTTP response as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One answer, ready to be written; header names in the case they are sent in."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
