"""Publish: what everybody subscribed to a topic is told."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from doorward.account.topics import deliveries
from doorward.services.call import Call, Message
from doorward.services.registry import operation
from doorward.services.sns.errors import InvalidParameter
from doorward.services.sns.targets import find_topic, published_to

LONGEST_MESSAGE = 262_144
LONGEST_SUBJECT = 100


@operation("sns", on=published_to)
def publish(
    call: Call,
    *,
    message: str,
    topic_arn: str | None = None,
    target_arn: str | None = None,
    phone_number: str | None = None,
    subject: str | None = None,
    message_structure: str | None = None,
    message_attributes: Mapping[str, Any] | None = None,
    message_deduplication_id: str | None = None,
    message_group_id: str | None = None,
) -> dict[str, Any]:
    """Tell everybody who has confirmed a subscription to the topic."""
    del message_attributes  # Told to nobody by mail, and filters on them are refused.
    if message_deduplication_id is not None or message_group_id is not None:
        raise InvalidParameter.named("MessageGroupId Reason: the topic is no FIFO topic")
    arn = topic_arn or target_arn
    if arn is None or phone_number is not None or (topic_arn and target_arn):
        raise InvalidParameter.named("TopicArn or TargetArn Reason: exactly one is required")
    find_topic(call, arn)
    _refuse_odd(message, subject)
    chosen = _per_protocol(message, message_structure)
    message_id = str(UUID(bytes=call.random(16), version=4))
    told = deliveries(
        call.account,
        arn,
        chosen.get("default", message),
        call.now,
        message_id,
        subject=subject,
        per_protocol=chosen,
    )
    call.messages += [Message(each.kind, each.body) for each in told]
    return {"MessageId": message_id}


def _refuse_odd(message: str, subject: str | None) -> None:
    if not message:
        raise InvalidParameter.named("Empty message")
    if len(message.encode("utf-8", "replace")) > LONGEST_MESSAGE:
        raise InvalidParameter.named("Message too long")
    if subject is None:
        return
    plain = subject.isascii() and subject.isprintable() and not subject.startswith(" ")
    if not plain or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise InvalidParameter.named("Subject")


def _per_protocol(message: str, structure: str | None) -> Mapping[str, str]:
    if structure is None:
        return {}
    if structure != "json":
        raise InvalidParameter.named("MessageStructure")
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        words = "Message Structure - JSON message body failed to parse"
        raise InvalidParameter.named(words) from None
    if not isinstance(found, dict) or not isinstance(found.get("default"), str):
        raise InvalidParameter.named("Message Structure - No default entry in JSON message body")
    return {key: value for key, value in found.items() if isinstance(value, str)}
