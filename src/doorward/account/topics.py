"""SNS topics, who is subscribed to them, and what a publication becomes for each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from doorward.account.tags import Tag

if TYPE_CHECKING:
    from doorward.account.account import Account

MAIL_PROTOCOLS = frozenset({"email", "email-json"})
WEB_PROTOCOLS = frozenset({"http", "https"})
DEFAULT_SUBJECT = "AWS Notification Message"


class Delivery(NamedTuple):
    """Something to send because of a publication: a kind of the outbox, and its body.

    Attributes:
        id: The message's and the subscription's: the same publication gives the same delivery.
    """

    id: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic; its name is unique in its region."""

    region: str
    name: str
    account: str
    created: datetime
    attributes: tuple[tuple[str, str], ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """Region and name, whose case counts."""
        return f"{self.region}/{self.name}"

    @property
    def arn(self) -> str:
        """The ARN."""
        return f"arn:aws:sns:{self.region}:{self.account}:{self.name}"

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return self.name

    @property
    def ids(self) -> tuple[str, ...]:
        """A topic is found by its ARN alone."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who is told of what is published.

    Attributes:
        topic: The topic's ARN.
        id: The last part of the ARN.
        confirmed: The one behind the endpoint agreed.
        token_digest: SHA-256 of the token that confirms it, in hex; "" once it was used.
        raw: Webhooks get the message alone.
    """

    topic: str
    id: str
    protocol: str
    endpoint: str
    owner: str
    created: datetime
    confirmed: bool = False
    token_digest: str = ""
    raw: bool = False

    @property
    def key(self) -> str:
        """The id."""
        return self.id

    @property
    def arn(self) -> str:
        """The ARN."""
        return f"{self.topic}:{self.id}"

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return self.id

    @property
    def ids(self) -> tuple[str, ...]:
        """A subscription is found by its ARN alone."""
        return ()


def topic_of(account: "Account", arn: str) -> Topic | None:
    """The account's topic of that ARN."""
    parts = arn.split(":")
    if len(parts) != 6:  # noqa: PLR2004 - arn:aws:sns:REGION:ACCOUNT:NAME
        return None
    found = account.at(("topic", f"{parts[3]}/{parts[5]}"))
    return found if isinstance(found, Topic) and found.arn == arn else None


def subscriptions_to(account: "Account", arn: str) -> list[Subscription]:
    """The subscriptions of a topic, by their ids."""
    return [each for each in account.all(Subscription) if each.topic == arn]


def deliveries(
    account: "Account",
    arn: str,
    message: str,
    at: datetime,
    message_id: str,
    *,
    subject: str | None = None,
    per_protocol: Mapping[str, str] | None = None,
) -> list[Delivery]:
    """What a publication becomes for each confirmed subscription; nothing without the topic."""
    if topic_of(account, arn) is None:
        return []
    chosen = per_protocol or {}
    return [
        _delivery(each, chosen.get(each.protocol, message), at, message_id, subject)
        for each in subscriptions_to(account, arn)
        if each.confirmed
    ]


def _delivery(
    subscription: Subscription, message: str, at: datetime, message_id: str, subject: str | None
) -> Delivery:
    cause = f"{message_id}/{subscription.id}"
    told = json.dumps(_notification(subscription, message, at, message_id, subject))
    if subscription.protocol in WEB_PROTOCOLS:
        body = message if subscription.raw else told
        return Delivery(cause, "webhook", {"url": subscription.endpoint, "body": body})
    text = told if subscription.protocol == "email-json" else _mail(subscription, message)
    mail = {"to": subscription.endpoint, "subject": subject or DEFAULT_SUBJECT, "text": text}
    return Delivery(cause, "mail", mail)


def _notification(
    subscription: Subscription, message: str, at: datetime, message_id: str, subject: str | None
) -> dict[str, str]:
    told = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": subscription.topic,
        "Subject": subject,
        "Message": message,
        "Timestamp": iso_ms(at),
    }
    return {name: value for name, value in told.items() if value is not None}


def _mail(subscription: Subscription, message: str) -> str:
    return (
        f"{message}\n\n--\nYou get this because this address is subscribed to the topic\n"
        f"{subscription.topic}\nTo stop it: aws sns unsubscribe --subscription-arn "
        f"{subscription.arn}\n"
    )


def iso_ms(at: datetime) -> str:
    """A time as SNS writes it: `2026-09-11T10:00:00.000Z`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
