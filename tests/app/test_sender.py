import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from tests.app.sinks import Sink, hanging, mail_sink, web
from tests.app.stores import TroubledStore

from doorward.app import sender as module
from doorward.app import webhook
from doorward.app.config import read_settings
from doorward.app.mail import mail_server
from doorward.app.outbox import sealed_post
from doorward.app.sender import MOST_TRIES, Sender, wait_s
from doorward.store.errors import StoreUnavailable
from doorward.store.memory import MemoryStore
from doorward.store.sealed import MasterKeys, Sealer
from doorward.store.unit import Unit

SEALER = Sealer(MasterKeys.fresh())
START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
MAIL = {"to": "root@example.com", "subject": "s", "text": "t\n"}


class Outbox:
    """A store with posts, a clock, and a sender for them."""

    def __init__(self, port=None, timeout_s=1, store=None, *, alone=False):
        self.store = store or MemoryStore()
        self.now = START
        self.sender = Sender(
            self.store, SEALER, _server(port, timeout_s), lambda: self.now, alone=alone
        )

    def put(self, kind="mail", body=MAIL, post_id=None):
        due = int(self.now.timestamp() * 1000)
        post = sealed_post(SEALER, kind, body, due, post_id)
        self.store.commit([Unit("111122223333", 0, posts=(post,))])

    def later(self, seconds):
        self.now += timedelta(seconds=seconds)

    @property
    def left(self):
        far = int((self.now + timedelta(days=30)).timestamp() * 1000)
        return [post.id for post in self.store.take_posts(far, 0, 1000)]


def _server(port, timeout_s):
    if port is None:
        return None
    words = ["host=127.0.0.1", f"port={port}", "tls=none", "from=d@example.net"]
    settings = read_settings(
        arguments=[f"mail.{word}" for word in [*words, f"timeout_s={timeout_s}"]]
    )
    return mail_server(settings.values)


def test_what_is_due_is_sent_once():
    async def work():
        sink = Sink()
        async with mail_sink(sink) as port:
            outbox = Outbox(port)
            for number in range(10):
                outbox.put(post_id=f"p{number}")
            await outbox.sender.send_due()
            await outbox.sender.send_due()
        return sorted(mail["Message-ID"] for mail in sink.mails), outbox.left

    sent, left = asyncio.run(work())
    assert sent == [f"<p{number}@example.net>" for number in range(10)]
    assert left == []


def test_what_one_lane_cannot_hold_is_sent_a_second_later():
    async def work():
        sink = Sink()
        async with mail_sink(sink) as port:
            outbox = Outbox(port)
            for _ in range(20):
                outbox.put()
            await outbox.sender.send_due()
            first = len(sink.mails)
            outbox.later(1)
            await outbox.sender.send_due()
        return first, len(sink.mails)

    assert asyncio.run(work()) == (module.IN_HAND_OF_LANE, 20)


def test_a_server_that_asks_for_patience_gets_it_and_then_the_mail():
    async def work():
        sink = Sink("451 try again", "451 again")
        async with mail_sink(sink) as port:
            outbox = Outbox(port)
            outbox.put(post_id="p")
            seen = []
            for wait in (0, 0.5, 0.5, 1.5, 0.5):
                outbox.later(wait)
                await outbox.sender.send_due()
                seen.append((len(sink.answers), len(sink.mails)))
        return seen, outbox.left

    seen, left = asyncio.run(work())
    assert seen == [(1, 0), (1, 0), (0, 0), (0, 0), (0, 1)]
    assert left == []


def test_the_wait_doubles_up_to_a_quarter_of_an_hour_and_ends_after_three_days():
    assert [wait_s(tries) for tries in range(1, 13)] == [
        *(1 << n for n in range(10)),
        900,
        900,
    ]
    days = sum(wait_s(tries) for tries in range(1, MOST_TRIES)) / 86400
    assert days == pytest.approx(3, abs=0.02)


def test_what_fails_for_three_days_is_given_up_by_name(caplog):
    async def work():
        sink = Sink(*["451 no"] * 3)
        async with mail_sink(sink) as port:
            outbox = Outbox(port)
            outbox.put()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(module, "MOST_TRIES", 3)
                for _ in range(3):
                    await outbox.sender.send_due()
                    outbox.later(4)
        return outbox.left

    assert asyncio.run(work()) == []
    assert "mail given up after 3 tries: SMTPDataError" in caplog.text


def test_without_a_server_mail_is_dropped_and_the_log_says_what_to_set(caplog):
    outbox = Outbox()
    outbox.put()
    asyncio.run(outbox.sender.send_due())
    assert outbox.left == []
    assert "mail.host" in caplog.text
    assert "t\n" not in caplog.text


def test_an_address_that_a_first_start_made_up_gets_nothing(caplog):
    outbox = Outbox(port=9)
    outbox.put(body=MAIL | {"to": "root@111122223333.doorward.invalid"})
    asyncio.run(outbox.sender.send_due())
    assert outbox.left == []
    assert "no real address" in caplog.text


@pytest.mark.parametrize("body", [MAIL | {"to": "a@b.example\r\nBcc: x@y.example"}, {"to": "x"}])
def test_what_can_never_be_sent_is_given_up_at_once(body, caplog):
    outbox = Outbox(port=9)
    outbox.put(body=body)
    asyncio.run(outbox.sender.send_due())
    assert outbox.left == []
    assert "given up" in caplog.text


def test_a_kind_of_a_newer_node_is_left_for_that_node():
    outbox = Outbox()
    outbox.put(kind="pigeon", post_id="p")
    asyncio.run(outbox.sender.send_due())
    assert outbox.left == ["p"]


def test_who_hangs_keeps_nobody_else_waiting(monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT_S", 60)

    async def work():
        async with hanging() as (stuck, came), web("200 OK") as (port, requests):
            outbox = Outbox(stuck, timeout_s=60)
            for _ in range(100):
                outbox.put()
            for _ in range(10):
                outbox.put("webhook", {"url": f"http://127.0.0.1:{port}/", "body": ""})
            while len(requests) < 10:
                await outbox.sender.take()
                await asyncio.sleep(0.01)
            hung = len(came)
            await _stopped(outbox.sender)
            return hung

    assert asyncio.run(work()) <= module.AT_ONCE


async def _stopped(sender):
    task = asyncio.create_task(sender.run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, *sender._tasks, return_exceptions=True)


def test_a_sick_lane_has_little_in_hand():
    async def work():
        async with web("500 No") as (port, requests):
            outbox = Outbox()
            for _ in range(30):
                outbox.put("webhook", {"url": f"http://127.0.0.1:{port}/", "body": ""})
            await outbox.sender.send_due()
            return len(requests)

    assert asyncio.run(work()) <= module.IN_HAND_OF_LANE


def test_many_hosts_that_hang_leave_room_for_mail(monkeypatch):
    async def hang(_body):
        await asyncio.Event().wait()

    monkeypatch.setattr(module, "send_webhook", hang)

    async def work():
        sink = Sink()
        async with mail_sink(sink) as port:
            outbox = Outbox(port)
            for number in range(module.IN_HAND):
                outbox.put("webhook", {"url": f"http://host{number}.example/", "body": ""})
            outbox.later(0.001)
            outbox.put()
            running = asyncio.create_task(outbox.sender.run())
            await asyncio.wait_for(sink.came.wait(), 60)
            running.cancel()

    asyncio.run(work())


def test_what_was_under_way_when_the_node_died_is_sent_after_its_lease():
    async def work():
        sink, store = Sink(), MemoryStore()
        dead = Outbox(port=9, store=store)
        dead.put(post_id="p")
        assert store.take_posts(int(START.timestamp() * 1000), 60_000, 1)
        async with mail_sink(sink) as port:
            heir = Outbox(port, store=store)
            await heir.sender.send_due()
            assert sink.mails == []
            heir.later(60)
            await heir.sender.send_due()
        return [mail["Message-ID"] for mail in sink.mails], heir.left

    assert asyncio.run(work()) == (["<p@example.net>"], [])


def test_the_task_sends_until_it_is_stopped_and_outlives_a_store_that_is_away(monkeypatch, caplog):
    monkeypatch.setattr(module, "POLL_S", 0.01)

    class Away(TroubledStore):
        tries = 0

        def take_posts(self, *words):
            self.tries += 1
            if self.tries == 1:
                raise StoreUnavailable("away")
            if self.tries == 2:
                raise RuntimeError("worse")
            return super().take_posts(*words)

    async def work():
        sink = Sink()
        async with mail_sink(sink) as port:
            outbox = Outbox(port, store=Away())
            outbox.put()
            task = asyncio.create_task(outbox.sender.run())
            await sink.came.wait()
            task.cancel()
            await asyncio.gather(task, *outbox.sender._tasks, return_exceptions=True)

    with caplog.at_level(logging.WARNING):
        asyncio.run(work())
    assert "the store does not answer" in caplog.text


def test_who_is_alone_takes_over_at_once_what_a_node_that_died_had_in_hand():
    async def work():
        sink, store = Sink(), MemoryStore()
        dead = Outbox(port=9, store=store)
        dead.put()
        assert store.take_posts(int(START.timestamp() * 1000), 60_000, 1)
        async with mail_sink(sink) as port:
            heir = Outbox(port, store=store, alone=True)
            await heir.sender.send_due()
        return len(sink.mails), heir.left

    assert asyncio.run(work()) == (1, [])


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), RuntimeError("worse")])
def test_what_could_not_be_forgotten_comes_again(failure, caplog):
    class Forgetless(MemoryStore):
        def drop_post(self, _post_id):
            raise failure

    async def work():
        sink = Sink()
        async with mail_sink(sink) as port:
            outbox = Outbox(port, store=Forgetless())
            outbox.put()
            await outbox.sender.send_due()
            outbox.later(61)
            await outbox.sender.send_due()
            return {mail["Message-ID"] for mail in sink.mails}, len(sink.mails)

    ids, mails = asyncio.run(work())
    assert (len(ids), mails) == (1, 2)
    assert "post" in caplog.text
