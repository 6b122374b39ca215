"""Webhooks: a body, posted to an address that answers 2xx when it has taken it.

No redirect is followed: whoever named the address did not name the next one.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

import msgspec

from doorward import __version__

TIMEOUT_S = 10
LONGEST_STATUS_LINE = 4096
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r\n]")
_PORTS = {"http": 80, "https": 443}
_CLOSED = tuple(
    map(
        ip_network,
        # Link-local, where clouds and their containers keep the credentials of a machine, and
        # the other addresses of these: AWS's and Google's of IPv6, Alibaba's.
        ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128", "100.100.100.200/32"),
    )
)


class NotTaken(Exception):  # noqa: N818 - what happened, read aloud
    """The address answered, and not with 2xx; or it is one nobody is sent to."""


class Place(NamedTuple):
    """Where an address leads."""

    host: str
    port: int
    secure: bool


def place_of(url: str) -> Place:
    """Host and port of an address.

    Raises:
        ValueError: no address of http or https, or one that holds a name and password.
    """
    return _place(_split(url))


async def send_webhook(body: Mapping[str, Any]) -> None:
    """Post `body["body"]`, a text as it is or any other JSON value, to `body["url"]`.

    Raises:
        NotTaken, OSError, TimeoutError: it was not taken.
        ValueError: the address is none.
    """
    address = _split(body["url"])
    place, request = _place(address), _request(address, body["body"])
    async with asyncio.timeout(TIMEOUT_S):
        context = ssl.create_default_context() if place.secure else None
        reader, writer = await asyncio.open_connection(
            place.host, place.port, ssl=context, limit=LONGEST_STATUS_LINE
        )
        try:
            _refuse_closed(place.host, writer.get_extra_info("peername")[0])
            writer.write(request)
            await writer.drain()
            line = await reader.readline()
        finally:
            writer.transport.abort()
    status = _STATUS.match(line)
    if status is None or not status[1].startswith(b"2"):
        raise NotTaken(f"{place.host} answered {line[:100].decode('latin-1').strip()!r}")


def _refuse_closed(host: str, address: str) -> None:
    """Refuse what only the machine itself may ask.

    Whoever may subscribe names the address. It is looked at once the connection is there, so that
    no name leads elsewhere the second time it is looked up.
    """
    found = ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    if any((mapped or found) in network for network in _CLOSED):
        raise NotTaken(f"{host} is {address}, where no webhook goes")


def _split(url: str) -> SplitResult:
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"{url!r} is not an address: encode what is not plain")
    address = urlsplit(url)
    if address.scheme not in _PORTS or not address.hostname or address.username is not None:
        raise ValueError(f"{url!r} is not an address of http or https")
    return address


def _place(address: SplitResult) -> Place:
    port = address.port or _PORTS[address.scheme]
    return Place(str(address.hostname), port, address.scheme == "https")


def _request(address: SplitResult, body: Any) -> bytes:
    content = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    head = (
        f"POST {target} HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\n"
        f"User-Agent: doorward/{__version__}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + content
