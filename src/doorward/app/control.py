"""The socket by which the machine's own commands reach a running house: `DATA/control.sock`.

One line of JSON asks, one answers. Whoever may open the socket may read the master key as well:
both are for the owner of the process alone.
"""

import asyncio
import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from doorward.app.keyring import SETTING as SESSION_KEYS
from doorward.app.upkeep import DEEDS, Order, done, own_record
from doorward.errors import AwsError
from doorward.store.errors import StoreFailure
from doorward.store.rotation import rotate

if TYPE_CHECKING:
    from doorward.app.house import House

log = logging.getLogger("doorward.control")

SOCKET = "control.sock"
LONGEST_LINE = 64 * 1024
LONGEST_PATH = 100
SEALED_SETTINGS = (SESSION_KEYS,)
ROTATE = "rotate-key"
ROTATED = "RotateMasterKey"


class NotRunning(Exception):  # noqa: N818 - a verdict's name
    """Nobody listens at the socket of that data directory."""


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a command asks: a deed of `upkeep.DEEDS`, or `ROTATE`."""

    deed: str
    name: str = ""
    account: str = ""
    by: str = ""
    enclosed: str = ""


class Control:
    """Answers the commands; runs as a task of the house."""

    def __init__(self, house: "House", directory: Path) -> None:
        self._house = house
        self._directory = directory

    async def run(self) -> None:
        """Serve until cancelled. Without a socket the house still serves everybody else."""
        try:
            listening = _listening(self._directory)
        except OSError as error:
            log.warning("no control socket in %s: %s", self._directory, error.strerror)
            return
        server = await asyncio.start_unix_server(self._serve, sock=listening, limit=LONGEST_LINE)
        try:
            await server.serve_forever()
        finally:
            (self._directory / SOCKET).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            if line:
                writer.write(json.dumps(await self._answered(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.warning("a command went away before its answer")
        finally:
            writer.close()

    async def _answered(self, line: bytes) -> dict[str, Any]:
        try:
            request = msgspec.json.decode(line, type=Request)
            return {"answer": await self._do(request)}
        except (msgspec.ValidationError, msgspec.DecodeError, StoreFailure, LookupError) as error:
            return {"error": str(error)}
        except AwsError as error:
            return {"error": error.message}
        except Exception:
            log.exception("unexpected")
            return {"error": "it failed inside; the server's log says why"}

    async def _do(self, request: Request) -> Any:
        house = self._house
        account_id = request.account or house.main_account
        if house.accounts.get(account_id) is None:
            raise LookupError(f"there is no account {account_id} here")
        if request.deed == ROTATE:
            return await self._rotate(request, account_id)
        if request.deed not in DEEDS:
            raise LookupError(f"this server knows no {request.deed}")
        order = Order(request.deed, request.name, request.by, request.enclosed)
        answer = await house.writer.write(
            account_id, lambda live: done(order, live, house.sealer, house.clock())
        )
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _rotate(self, request: Request, account_id: str) -> dict[str, Any]:
        house = self._house
        moved = await asyncio.to_thread(rotate, house.store, house.sealer, SEALED_SETTINGS)
        for each, revision in house.accounts.revisions().items():
            rows = await asyncio.to_thread(house.store.read, each, revision)
            house.accounts.merge(each, *rows)
        details = {"operatingSystemUser": request.by, "done": [f"sealed {moved} values anew"]}
        row = own_record(ROTATED, account_id, house.clock(), details)
        await house.recorder.recorded(row)
        return {"resealed": moved}


def ask(directory: Path, request: Request) -> Any:
    """Ask the house that runs on this data directory.

    Raises:
        NotRunning: none does.
        LookupError: it refused; its words.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            with _short(directory) as place:
                line.connect(place)
            line.sendall(msgspec.json.encode(request) + b"\n")
            with line.makefile("rb") as reader:
                answer = reader.readline()
        except (FileNotFoundError, ConnectionError) as error:
            raise NotRunning(str(directory)) from error
    if not answer:
        raise LookupError("the server stopped before it answered")
    said = json.loads(answer)
    if "error" in said:
        raise LookupError(said["error"])
    return said["answer"]


def _listening(directory: Path) -> socket.socket:
    """The socket, open to nobody else from its first moment."""
    with suppress(FileNotFoundError):
        (directory / SOCKET).unlink()
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _short(directory) as place:
            made.bind(place)
    except BaseException:
        made.close()
        raise
    finally:
        os.umask(before)
    return made


@contextmanager
def _short(directory: Path) -> Iterator[str]:
    """The socket's path; the kernel takes about a hundred bytes, so a long one goes by handle."""
    place = str(directory.absolute() / SOCKET)
    if len(place.encode()) <= LONGEST_PATH:
        yield place
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)
