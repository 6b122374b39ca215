"""Mail outlives the node that was to send it."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from tests.app.sinks import Sink, mail_sink
from tests.durability.server import started

EMAIL = "root@example.com"
PASSWORD = "A-long-passphrase-of-root-42"
SEED = f"account: {{email: {EMAIL}, password: {PASSWORD}}}\n"
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
    send(server, "/signin/recovery", 202, email=EMAIL)


def sign_in(server):
    """Sign in as root, and put MFA off."""
    step = send(server, "/signin/root", 200, email=EMAIL, password=PASSWORD)["step"]
    assert send(server, "/signin/enrol/skip", 200, step=step)["next"] == "done"


def send(server, path, status, **form):
    place = urlsplit(server.endpoint)
    connection = HTTPConnection(place.hostname, place.port, timeout=20)
    headers = {"content-type": "application/json"}
    connection.request("POST", path, json.dumps(form), headers)
    answer = connection.getresponse()
    assert answer.status == status
    told = json.loads(answer.read())
    connection.close()
    return told


async def arrived(sink, words="Recover root"):
    """The mail about that, of all that are mailed."""
    while True:
        for mail in sink.mails:
            if words in mail["Subject"]:
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


@pytest.mark.practice("S001-10", "S001-20")
def test_a_sign_in_of_root_is_mailed_once_though_the_node_dies_right_after_it(tmp_path):
    directory, seed = tmp_path / "data", tmp_path / "seed.yaml"
    seed.write_text(SEED)
    strict = ("--set", "trail.strict=true")
    with started(directory, "--seed", str(seed), *strict, *settings(port=9)) as server:
        sign_in(server)
        server.kill()
    sink = Sink()
    with beside(mail_sink(sink)) as (port, thread):
        with started(directory, *settings(port)):
            mail = thread.run(arrived(sink, "root user activity"))
        with started(directory, *settings(port)) as server:
            ask(server)
            thread.run(arrived(sink))
    assert mail["To"] == EMAIL
    assert (
        len({each["Message-ID"] for each in sink.mails if each["Subject"] == mail["Subject"]}) == 1
    )
