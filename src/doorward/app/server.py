"""Run a house behind uvicorn until it is told to stop."""

import gc
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from doorward.app.cork import CorkedProtocol
from doorward.app.house import House
from doorward.app.http import Application

GRACE_S = 10
COLLECT_RARELY = (20_000, 20, 50)


class Certificate(NamedTuple):
    """Files in PEM form."""

    chain: Path
    key: Path


class _Server(uvicorn.Server):
    """Says so once the socket is open."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._say_ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the socket, then say that the house is ready."""
        await super().startup(sockets)
        if self.started:
            bound: Any = self.servers[0].sockets[0].getsockname()
            self._say_ready(bound[1])


def serve(
    house: House,
    *,
    host: str,
    port: int,
    certificate: Certificate | None,
    ready: Callable[[int], None],
) -> None:
    """Serve until SIGINT or SIGTERM; calls under way are finished, the trail is stored.

    Args:
        house: Opened, not started.
        host: Address to listen on.
        port: 0 takes a free one.
        certificate: For TLS.
        ready: Called with the port once calls are answered.
    """
    config = uvicorn.Config(
        Application(house),
        host=host,
        port=port,
        http=CorkedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        backlog=2048,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    # SPEED: what is loaded by now stays, and calls leave no cycles: looking through a thousand
    # new objects again and again took a fifth of the time of a call (92 µs, now 74 µs).
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_RARELY)
    _Server(config, ready).run()
