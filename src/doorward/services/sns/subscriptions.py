"""Subscriptions: asked for, confirmed by whoever reads the endpoint, listed, ended."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from doorward.account.topics import (
    MAIL_PROTOCOLS,
    WEB_PROTOCOLS,
    Subscription,
    iso_ms,
    subscriptions_to,
)
from doorward.services.call import Call, Message
from doorward.services.registry import anything, operation
from doorward.services.sns.errors import InvalidParameter, LimitExceeded
from doorward.services.sns.pages import a_page
from doorward.services.sns.targets import (
    find_subscription,
    find_topic,
    subscribed,
    topic,
    topic_of_subscription,
)

PENDING = "PendingConfirmation"
MOST_SUBSCRIPTIONS = 1000
LONGEST_URL = 2048
MAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}")
ATTRIBUTES = {"RawMessageDelivery"}


@operation("sns", on=topic, keys=(subscribed,))
def subscribe(
    call: Call,
    *,
    topic_arn: str,
    protocol: str,
    endpoint: str | None = None,
    attributes: Mapping[str, str] | None = None,
    return_subscription_arn: bool = False,
) -> dict[str, Any]:
    """Ask an endpoint to be told; it must say yes first."""
    find_topic(call, topic_arn)
    _refuse_odd(protocol, endpoint or "")
    raw = _raw(attributes or {}, protocol)
    existing = subscriptions_to(call.account, topic_arn)
    found = next((each for each in existing if _is_of(each, protocol, endpoint or "")), None)
    if found is None and len(existing) >= MOST_SUBSCRIPTIONS:
        raise LimitExceeded.subscriptions()
    asked = replace(found or _new(call, topic_arn, protocol, endpoint or ""), raw=raw)
    if not asked.confirmed:
        asked = _invited(call, asked)
    call.update(asked)
    shown = asked.confirmed or return_subscription_arn
    return {"SubscriptionArn": asked.arn if shown else "pending confirmation"}


def _refuse_odd(protocol: str, endpoint: str) -> None:
    if protocol in MAIL_PROTOCOLS:
        if not MAIL.fullmatch(endpoint):
            raise InvalidParameter.named("Email address")
        return
    if protocol not in WEB_PROTOCOLS:
        raise InvalidParameter.not_here(f"Protocol {protocol[:40]}")
    try:
        url = urlsplit(endpoint)
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    if not host or port == 0 or not plain or len(endpoint) > LONGEST_URL:
        raise InvalidParameter.named("HTTP(S) Endpoint")
    if url.scheme != protocol:
        raise InvalidParameter.named("Endpoint must match the specified protocol")


def _raw(attributes: Mapping[str, str], protocol: str) -> bool:
    unknown = next((name for name in attributes if name not in ATTRIBUTES), None)
    if unknown is not None:
        # A filter that is ignored would send what was not asked for.
        raise InvalidParameter.not_here(f"AttributeName {unknown}")
    wanted = attributes.get("RawMessageDelivery", "false").lower()
    if wanted not in {"true", "false"} or (wanted == "true" and protocol not in WEB_PROTOCOLS):
        raise InvalidParameter.named("Attributes Reason: RawMessageDelivery")
    return wanted == "true"


def _is_of(each: Subscription, protocol: str, endpoint: str) -> bool:
    return (each.protocol, each.endpoint) == (protocol, endpoint)


def _new(call: Call, topic_arn: str, protocol: str, endpoint: str) -> Subscription:
    trusted = protocol in MAIL_PROTOCOLS and not call.settings["alarms.confirm_email"]
    return Subscription(
        topic=topic_arn,
        id=str(UUID(bytes=call.random(16), version=4)),
        protocol=protocol,
        endpoint=endpoint,
        owner=call.account.id,
        created=call.now,
        confirmed=trusted,
    )


def _invited(call: Call, asked: Subscription) -> Subscription:
    """With a new token, which goes to the endpoint and nowhere else."""
    token = call.random(32).hex()
    query = {"Action": "ConfirmSubscription", "TopicArn": asked.topic, "Token": token}
    origin = call.settings["http.public_url"] or call.endpoint
    url = f"{origin}/?{urlencode(query | {'Version': '2010-03-31'})}"
    call.messages.append(_invitation(call, asked, token, url))
    return replace(asked, token_digest=_digest(token))


def _invitation(call: Call, asked: Subscription, token: str, url: str) -> Message:
    words = f"You have chosen to subscribe to the topic {asked.topic}."
    told = {
        "Type": "SubscriptionConfirmation",
        "MessageId": str(UUID(bytes=call.random(16), version=4)),
        "Token": token,
        "TopicArn": asked.topic,
        "Message": f"{words}\nTo confirm the subscription, visit the SubscribeURL.",
        "SubscribeURL": url,
        "Timestamp": iso_ms(call.now),
    }
    if asked.protocol in WEB_PROTOCOLS:
        return Message("webhook", {"url": asked.endpoint, "body": json.dumps(told)})
    text = (
        f"{words}\n\nTo confirm it, open this address:\n{url}\n\nor send this call:\n"
        f"aws sns confirm-subscription --topic-arn {asked.topic} --token {token}\n\n"
        "If you did not ask for this, do nothing.\n"
    )
    subject = "AWS Notification - Subscription Confirmation"
    body = json.dumps(told) if asked.protocol == "email-json" else text
    return Message("mail", {"to": asked.endpoint, "subject": subject, "text": body})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Whoever has the token may, with or without a signature; without one, in the main account.
@operation("sns", on=topic, exempt=True, unsigned=True)
def confirm_subscription(
    call: Call, *, topic_arn: str, token: str, authenticate_on_unsubscribe: str | None = None
) -> dict[str, Any]:
    """Say yes to being told. Unsubscribing always takes a signature here."""
    del authenticate_on_unsubscribe
    find_topic(call, topic_arn)
    digest = _digest(token)
    for each in subscriptions_to(call.account, topic_arn):
        if each.token_digest and hmac.compare_digest(each.token_digest, digest):
            if not each.confirmed:
                call.update(replace(each, confirmed=True))
            return {"SubscriptionArn": each.arn}
    raise InvalidParameter.named("Token")


@operation("sns", on=topic_of_subscription)
def unsubscribe(call: Call, *, subscription_arn: str) -> None:
    """End a subscription; one that is not there is gone already."""
    if subscription_arn.count(":") != 6:  # noqa: PLR2004 - the topic's ARN and the id
        raise InvalidParameter.named("SubscriptionArn")
    found = call.account.at(("subscription", subscription_arn.rpartition(":")[2]))
    if isinstance(found, Subscription) and found.arn == subscription_arn:
        call.remove([found])


@operation("sns", on=topic, reads=True)
def list_subscriptions_by_topic(
    call: Call, *, topic_arn: str, next_token: str | None = None
) -> dict[str, Any]:
    """The subscriptions of a topic."""
    find_topic(call, topic_arn)
    return _listed(call, subscriptions_to(call.account, topic_arn), next_token)


@operation("sns", on=anything, reads=True)
def list_subscriptions(call: Call, *, next_token: str | None = None) -> dict[str, Any]:
    """The subscriptions of the region."""
    found = call.account.all(Subscription)
    own = [each for each in found if each.topic.split(":")[3] == call.region]
    return _listed(call, own, next_token)


@operation("sns", on=topic_of_subscription, reads=True)
def get_subscription_attributes(call: Call, *, subscription_arn: str) -> dict[str, Any]:
    """All attributes of a subscription."""
    found = find_subscription(call, subscription_arn)
    shown = {
        "SubscriptionArn": found.arn,
        "TopicArn": found.topic,
        "Protocol": found.protocol,
        "Endpoint": found.endpoint,
        "Owner": found.owner,
        "PendingConfirmation": str(not found.confirmed).lower(),
        "ConfirmationWasAuthenticated": "false",
        "RawMessageDelivery": str(found.raw).lower(),
    }
    return {"Attributes": shown}


def _listed(call: Call, found: list[Subscription], token: str | None) -> dict[str, Any]:
    shown, rest = a_page(call, found, lambda each: each.key, token)
    return {"Subscriptions": [_shown(each) for each in shown]} | rest


def _shown(each: Subscription) -> dict[str, Any]:
    return {
        "SubscriptionArn": each.arn if each.confirmed else PENDING,
        "Owner": each.owner,
        "Protocol": each.protocol,
        "Endpoint": each.endpoint,
        "TopicArn": each.topic,
    }
