"""Servers that take mail and webhooks, as they should or not at all."""

import asyncio
from contextlib import asynccontextmanager
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP


class Sink:
    """What came in. `answers` are given first, one a message, then 250."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.mails = []
        self.recipients = []
        self.came = asyncio.Event()
        self.refused = asyncio.Event()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.answers:
            self.refused.set()
            return self.answers.pop(0)
        content = envelope.content.replace(b"\r\n", b"\n")
        self.mails.append(message_from_bytes(content, policy=policy.default))
        self.came.set()
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


@asynccontextmanager
async def mail_sink(sink, **options):
    """A real SMTP server in this loop; its port."""
    loop = asyncio.get_running_loop()
    conversations = []

    def answer():
        conversations.append(SMTP(sink, hostname="sink", loop=loop, **options))
        return conversations[-1]

    async with await loop.create_server(answer, "127.0.0.1", 0) as server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            await _hung_up(conversations)


async def _hung_up(conversations):
    """What is still open is cut off, and nothing of it outlives the loop."""
    for each in conversations:
        if each.transport:
            each.transport.abort()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    talking = [task for task in others if "SMTP._handle_client" in repr(task)]
    for task in talking:
        task.cancel()
    await asyncio.gather(*talking, return_exceptions=True)
    # A transport that was cut off closes its socket at the loop's next turn.
    await asyncio.sleep(0)


@asynccontextmanager
async def hanging():
    """A server that takes connections and says nothing; its port and how many came."""
    came = []

    async def hang(reader, writer):
        came.append(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], came
    finally:
        server.close()
        for writer in came:
            writer.transport.abort()


@asynccontextmanager
async def web(*answers):
    """An HTTP server that gives these answers, the last one ever after; port and requests."""
    requests, left = [], list(answers)

    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        requests.append(head + await reader.readexactly(length))
        status = left.pop(0) if len(left) > 1 else left[0]
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], requests
