"""Mail outlives the node that was to send it."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.app.sinks import Sink, mail_sink
from tests.durability.server import started

EMAIL = "root@example.com"
SEED = f"account: {{email: {EMAIL}}}\n"
WAIT_S = 90


class LoopThread:
    """An event loop beside the test."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(WAIT_S)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@contextmanager
def beside(opened):
    """What an asynchronous block gives, while the test runs."""
    thread = LoopThread()
    try:
        given = thread.run(opened.__aenter__())
        try:
            yield given, thread
        finally:
            thread.run(opened.__aexit__(None, None, None))
    finally:
        thread.close()


def settings(port):
    words = ("host=127.0.0.1", f"port={port}", "tls=none", "from=doorward@example.net")
    return [word for each in words for word in ("--set", f"mail.{each}")]


def ask(server):
    """Ask for root's recovery; the answer comes before the mail."""
    place = urlsplit(server.endpoint)
    connection = HTTPConnection(place.hostname, place.port, timeout=20)
    body = json.dumps({"email": EMAIL})
    headers = {"content-type": "application/json"}
    connection.request("POST", "/signin/recovery", body, headers)
    assert connection.getresponse().status == 202
    connection.close()


async def arrived(sink):
    """The mail with the link; alarms are mailed too."""
    while True:
        for mail in sink.mails:
            if mail["Subject"] == "Doorward: Recover root":
                return mail
        sink.came.clear()
        await sink.came.wait()


class Stuck(Sink):
    """Takes a mail and never says so."""

    async def handle_DATA(self, *_words):  # noqa: N802 - aiosmtpd's name
        self.came.set()
        await asyncio.Event().wait()


def test_a_mail_that_was_under_way_is_sent_by_the_next_start_after_a_kill(tmp_path):
    directory, seed, stuck = tmp_path / "data", tmp_path / "seed.yaml", Stuck()
    seed.write_text(SEED)
    with (
        beside(mail_sink(stuck)) as (port, thread),
        started(directory, "--seed", str(seed), *settings(port)) as server,
    ):
        ask(server)
        thread.run(stuck.came.wait())
        server.kill()
    sink = Sink()
    with beside(mail_sink(sink)) as (port, thread), started(directory, *settings(port)):
        mail = thread.run(arrived(sink))
    assert mail["To"] == EMAIL
    assert "/signin/recovery#" in mail.get_content()


def test_a_mail_that_was_put_off_is_sent_by_the_next_start_after_a_kill(tmp_path):
    directory, seed, busy = tmp_path / "data", tmp_path / "seed.yaml", Sink(*["451 later"] * 50)
    seed.write_text(SEED)
    with (
        beside(mail_sink(busy)) as (port, thread),
        started(directory, "--seed", str(seed), *settings(port)) as server,
    ):
        ask(server)
        thread.run(busy.refused.wait())
        server.kill()
    sink = Sink()
    with beside(mail_sink(sink)) as (port, thread), started(directory, *settings(port)):
        mail = thread.run(arrived(sink))
    assert mail["To"] == EMAIL
