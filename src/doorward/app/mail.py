"""Mail: what is to be said, made into a message that says nothing else, and given to a server.

The server is named by the settings `mail.*`; without `mail.host` there is no mail.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from doorward.app.config import MAIL_PROTECTIONS
from doorward.app.guard import LOCAL_HOSTS

STARTTLS, TLS, PLAIN = MAIL_PROTECTIONS
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes.

    Attributes:
        tls: One of MAIL_PROTECTIONS.
        sender: The address mail comes from.
        timeout_s: How long a delivery may take.
    """

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    sender: str
    timeout_s: int


def mail_server(settings: Mapping[str, Any]) -> MailServer | None:
    """The server of the settings; None where mail is off.

    Raises:
        ValueError: a password would cross a network in the clear, or the sender is no address.
    """
    host = settings["mail.host"]
    if not host:
        return None
    if settings["mail.tls"] == PLAIN and settings["mail.user"] and host not in LOCAL_HOSTS:
        raise ValueError(f"mail.tls = none would send mail.password to {host} in the clear")
    sender = settings["mail.from"] or f"doorward@{host}"
    try:
        Address(addr_spec=sender)
    except Exception as error:
        raise ValueError(f"mail.from: {sender!r} is no address") from error
    return MailServer(
        host=host,
        port=settings["mail.port"],
        tls=settings["mail.tls"],
        user=settings["mail.user"],
        password=settings["mail.password"],
        sender=sender,
        timeout_s=settings["mail.timeout_s"],
    )


def message(
    server: MailServer, post_id: str, body: Mapping[str, Any], at: datetime
) -> EmailMessage:
    """The message of a post.

    Args:
        server: Its sender is the message's.
        post_id: Makes the Message-ID, so that a second delivery is known for what it is.
        body: `to` (one address), `subject`, `text`.
        at: Aware.

    Raises:
        ValueError: `to` is not one address.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = server.sender
    made["To"] = _address(body["to"])
    # INVARIANT: names of users and alarms stand in subjects. A line break in one would begin a
    # header of their choosing.
    made["Subject"] = " ".join(_printable(body["subject"]).split())[:LONGEST_SUBJECT]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{post_id}@{server.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body["text"])
    return made


async def send_mail(server: MailServer, mail: EmailMessage) -> None:
    """Hand the message over.

    Raises:
        SMTPException, OSError, TimeoutError: it was not taken.
    """
    # SPEED: most processes never send mail.
    import aiosmtplib

    # INVARIANT: all of it within the time; a server that sends a byte now and then holds nobody.
    async with asyncio.timeout(server.timeout_s):
        await aiosmtplib.send(
            mail,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls == TLS,
            start_tls=server.tls == STARTTLS,
            tls_context=None if server.tls == PLAIN else ssl.create_default_context(),
        )


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except Exception as error:
        raise ValueError(f"{text!r} is not one mail address") from error


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
