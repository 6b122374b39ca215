"""The one endpoint: a raw ASGI application in front of the pipeline.

AWS calls go down the straight line; a few addresses of our own are answered here.
"""

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from doorward.app import discovery
from doorward.app.guard import Guard
from doorward.app.house import House
from doorward.app.metrics import Metrics
from doorward.app.signin.table import HANDLERS
from doorward.authn.request import HttpRequest
from doorward.store.memory import MemoryStore
from doorward.wire.limits import DEFAULT_BODY_LIMIT, LARGEST_BODY, body_limit

log = logging.getLogger("doorward.http")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Reply = tuple[int, str, bytes]

JSON = "application/json"


class Application:
    """The ASGI application of one house."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._metrics = Metrics()
        self._guard = Guard(house.settings)
        self._own: dict[tuple[str, str], Callable[[HttpRequest], Awaitable[Reply]]] = {
            ("GET", "/health"): self._health,
            ("GET", "/ready"): self._ready,
            ("GET", "/metrics"): self._show_metrics,
            ("GET", discovery.PATH): self._discover,
            ("POST", "/_doorward/reset"): self._reset,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._house.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._house.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request = self._guard.request_of(scope, await _body(scope, receive))
        entrance = HANDLERS.get((request.method, request.path))
        own = self._own.get((request.method, request.path))
        if entrance is None and own is None and request.path.startswith("/console/"):
            own = self._console
        if own is not None:
            status, kind, body = await own(request)
            await _send(send, status, (("content-type", kind),), body)
            return
        if entrance is not None:
            opened = await entrance(self._house, request)
            await _send(send, opened.status, opened.headers, opened.body)
            return
        response = await self._house.pipeline.answer(request)
        self._metrics.served(response.status, time.perf_counter() - started)
        await _send(send, response.status, response.headers, response.body)

    async def _health(self, _request: HttpRequest) -> Reply:
        return 200, JSON, b'{"status":"ok"}'

    async def _ready(self, _request: HttpRequest) -> Reply:
        if self._house.is_ready():
            return 200, JSON, b'{"status":"ready"}'
        return 503, JSON, b'{"status":"not ready"}'

    async def _show_metrics(self, _request: HttpRequest) -> Reply:
        return 200, "text/plain; version=0.0.4", self._metrics.text(self._house).encode()

    async def _discover(self, request: HttpRequest) -> Reply:
        found = discovery.metadata(request)
        if found is None:
            return 400, JSON, b'{"message":"The Host header names no host."}'
        return 200, JSON, found

    async def _console(self, request: HttpRequest) -> Reply:
        asked = request.path.rpartition("/")[2]
        words = "There are no pages here yet. What was decided about a call, `doorward why` tells"
        return 404, "text/plain; charset=utf-8", f"{words}: doorward why {asked}\n".encode()

    async def _reset(self, request: HttpRequest) -> Reply:
        if not self._guard.is_own_page(request):
            return 403, JSON, b'{"message":"This address answers to its own host alone."}'
        if not isinstance(self._house.store, MemoryStore):
            return 404, JSON, b'{"message":"Only `doorward up --memory` can be reset."}'
        await self._house.reset()
        return 200, JSON, b'{"status":"reset"}'


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The body, but never more than one byte beyond what any call may send."""
    claims = [value for name, value in scope["headers"] if name == b"authorization"]
    most = max([most_behind(claim) for claim in claims], default=DEFAULT_BODY_LIMIT)
    message = await receive()
    # SPEED: added to bytes, each piece copies all before it: 32 MiB took 5.6 s, now 20 ms.
    body = bytearray(message.get("body", b""))
    while message.get("more_body") and len(body) <= most:
        message = await receive()
        body.extend(message.get("body", b""))
    return bytes(body[: most + 1])


def most_behind(claim: bytes) -> int:
    """How large a body may be that comes with this `Authorization`."""
    if claim.startswith(b"AWS4-"):
        return LARGEST_BODY
    return body_limit("Authorize") if claim.startswith(b"Bearer dwt_") else DEFAULT_BODY_LIMIT


async def _send(send: Send, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
