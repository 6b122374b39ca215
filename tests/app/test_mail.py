import asyncio
import ssl
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.sinks import Sink, hanging, mail_sink

from doorward.app.config import read_settings
from doorward.app.mail import mail_server, message, send_mail
from doorward.app.tls import tls_files

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
BODY = {"to": "root@example.com", "subject": "A new password", "text": "It was set.\n"}


def server(**chosen):
    given_ = {"host": "127.0.0.1", "tls": "none", "from": "doorward@example.net"} | chosen
    settings = read_settings(arguments=[f"mail.{name}={value}" for name, value in given_.items()])
    return mail_server(settings.values)


async def sent(sink, body=BODY, **options):
    async with mail_sink(sink, **options) as port:
        here = server(port=port)
        await send_mail(here, message(here, "p1", body, NOW))


def test_without_a_host_there_is_no_mail():
    assert mail_server(read_settings().values) is None


def test_a_server_that_is_named_has_a_sender():
    named = mail_server(read_settings(arguments=["mail.host=mx.example.net"]).values)
    assert (named.sender, named.port, named.tls) == ("doorward@mx.example.net", 587, "starttls")


def test_a_password_stands_in_no_text():
    assert "hunter2" not in repr(server(user="ann", password="hunter2"))


@pytest.mark.parametrize(
    "chosen",
    [
        {"host": "mx.example.net", "user": "ann"},
        {"from": "no address"},
        {"from": "a@b.example\nBcc: c@d.example"},
    ],
)
def test_what_would_leak_or_fail_is_refused_at_the_start(chosen):
    with pytest.raises(ValueError, match="mail"):
        server(**chosen)


def test_a_mail_arrives_as_it_was_written():
    sink = Sink()
    asyncio.run(sent(sink))
    (mail,) = sink.mails
    assert (mail["From"], mail["To"]) == ("doorward@example.net", "root@example.com")
    assert mail["Subject"] == "A new password"
    assert mail["Message-ID"] == "<p1@example.net>"
    assert mail["Date"].datetime == NOW
    assert mail.get_content() == "It was set.\n"
    assert sink.recipients == [["root@example.com"]]


def test_letters_of_the_world_arrive():
    sink = Sink()
    asyncio.run(sent(sink, BODY | {"subject": "Grüße \u2013 名前", "text": "Ünïcode\n.\nend\n"}))
    assert sink.mails[0]["Subject"] == "Grüße \u2013 名前"
    assert sink.mails[0].get_content() == "Ünïcode\n.\nend\n"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_subject_begins_a_header(subject):
    made = message(server(), "p1", BODY | {"subject": f"x{subject}\r\nBcc: c@d.example"}, NOW)
    lines = made.as_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n")
    headers = [line.partition(b":")[0] for line in lines if not line.startswith(b" ")]
    assert b"Bcc" not in headers
    assert len(set(headers)) == len(headers)


@pytest.mark.parametrize(
    "to", ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "", "nobody", "<a@b.c>"]
)
def test_a_mail_goes_to_one_address(to):
    with pytest.raises(ValueError, match="not one mail address"):
        message(server(), "p1", BODY | {"to": to}, NOW)


def test_a_server_that_hangs_is_left_after_the_time():
    async def try_it():
        async with hanging() as (port, _):
            here = server(port=port, timeout_s=1)
            await send_mail(here, message(here, "p1", BODY, NOW))

    with pytest.raises(TimeoutError):
        asyncio.run(try_it())


def test_where_the_server_has_no_tls_nothing_is_told_without_it():
    async def try_it(sink):
        async with mail_sink(sink) as port:
            here = server(port=port, tls="starttls")
            await send_mail(here, message(here, "p1", BODY, NOW))

    sink = Sink()
    with pytest.raises(Exception, match="STARTTLS"):
        asyncio.run(try_it(sink))
    assert sink.mails == []


@pytest.mark.parametrize("trusted", [True, False])
def test_with_starttls_the_server_must_be_the_one_it_claims_to_be(tmp_path, monkeypatch, trusted):
    files = tls_files(tmp_path / "tls", "127.0.0.1", datetime.now(UTC))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.chain, files.key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(files.authority))
    sink = Sink()

    async def try_it():
        async with mail_sink(sink, tls_context=context, require_starttls=True) as port:
            here = server(port=port, tls="starttls")
            await send_mail(here, message(here, "p1", BODY, NOW))

    if trusted:
        asyncio.run(try_it())
    else:
        with pytest.raises(ssl.SSLCertVerificationError):
            asyncio.run(try_it())
    assert len(sink.mails) == int(trusted)
