import asyncio

import pytest
from tests.app.sinks import hanging, web

from doorward.app import webhook
from doorward.app.webhook import NotTaken, place_of, send_webhook


async def _posted(*answers, path="/hook?x=1", body="text"):
    async with web(*answers) as (port, requests):
        await send_webhook({"url": f"http://127.0.0.1:{port}{path}", "body": body})
        return requests


@pytest.mark.parametrize(("body", "sent"), [('{"a": 1}', b'{"a": 1}'), ({"b": [2]}, b'{"b":[2]}')])
def test_a_body_is_posted(body, sent):
    (request,) = asyncio.run(_posted("204 No Content", body=body))
    assert request.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert request.partition(b"\r\n\r\n")[2] == sent


@pytest.mark.parametrize(
    "status", ["500 No", "404 Gone", "302 Found\r\nLocation: http://127.0.0.1:9/"]
)
def test_any_other_answer_is_none(status):
    with pytest.raises(NotTaken, match=status[:3]):
        asyncio.run(_posted(status))


def test_who_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.1)

    async def try_it():
        async with hanging() as (port, _):
            await send_webhook({"url": f"http://127.0.0.1:{port}/", "body": ""})

    with pytest.raises(TimeoutError):
        asyncio.run(try_it())


class _Anywhere:
    """A connection that was made to an address; nothing may be said in it."""

    def __init__(self, address):
        self.address = address
        self.transport = self

    def get_extra_info(self, _name):
        return self.address, 80

    def write(self, data):
        raise AssertionError(data)

    def abort(self):
        pass


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.170.2",
        "::ffff:169.254.169.254",
        "fe80::a9fe:a9fe%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
    ],
)
def test_what_clouds_tell_their_machines_nobody_else_asks_whatever_its_name(monkeypatch, address):
    async def connected(*_args, **_options):
        return None, _Anywhere(address)

    monkeypatch.setattr(asyncio, "open_connection", connected)
    with pytest.raises(NotTaken, match="where no webhook goes"):
        asyncio.run(send_webhook({"url": "http://plain.example/", "body": ""}))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://a.example/x", ("a.example", 443, True)),
        ("http://a.example:81", ("a.example", 81, False)),
        ("http://[::1]/", ("::1", 80, False)),
    ],
)
def test_where_an_address_leads(url, place):
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https://ann:pw@a.example/",
        "http://a.example/\r\nX: 1",
        "http://a.example/ x",
        "http://é.example/",
        "",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValueError, match="address"):
        place_of(url)
