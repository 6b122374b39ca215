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
