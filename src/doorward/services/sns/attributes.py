"""The attributes of topics."""

import json
from dataclasses import replace
from typing import Any

from doorward.account.topics import Topic, subscriptions_to
from doorward.services.call import Call
from doorward.services.registry import operation
from doorward.services.sns.errors import InvalidParameter
from doorward.services.sns.targets import find_topic, topic

LONGEST_NAME = 100
SAID_TO_BE_OFF = {
    "ArchivePolicy": "",
    "ContentBasedDeduplication": "false",
    "DeliveryPolicy": "",
    "FifoTopic": "false",
    "KmsMasterKeyId": "",
    "TracingConfig": "PassThrough",
}
"""What Terraform says of topics that do without; of protocols it says the sample rate too."""

POLICY_ACTIONS = (
    *("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission"),
    *("DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish"),
)


def is_off(name: str, value: str) -> bool:
    """Whether it asks for what every topic here is like."""
    if name.endswith("SuccessFeedbackSampleRate"):
        return value in {"", "0"}
    if name.endswith("FeedbackRoleArn"):
        return not value
    return SAID_TO_BE_OFF.get(name) == value


def checked(name: str, value: str) -> str:
    """The value of an attribute.

    Raises:
        InvalidParameter: it has another form, or promises what is not kept here.
    """
    # What would change who may publish or how is refused: ignored, it would only look like it did.
    if name != "DisplayName":
        raise InvalidParameter.not_here(f"AttributeName {name}")
    if len(value) > LONGEST_NAME:
        raise InvalidParameter.named("DisplayName")
    return value


@operation("sns", on=topic)
def set_topic_attributes(
    call: Call, *, topic_arn: str, attribute_name: str, attribute_value: str = ""
) -> None:
    """Set one attribute."""
    found = find_topic(call, topic_arn)
    if is_off(attribute_name, attribute_value):
        return
    if attribute_name == "Policy" and _same(attribute_value, policy_of(found)):
        return
    value = checked(attribute_name, attribute_value)
    kept = tuple(pair for pair in found.attributes if pair[0] != attribute_name)
    call.update(replace(found, attributes=(*kept, (attribute_name, value))))


def _same(text: str, policy: dict[str, Any]) -> bool:
    try:
        return bool(json.loads(text) == policy)
    except (ValueError, RecursionError):
        return False


@operation("sns", on=topic, reads=True)
def get_topic_attributes(call: Call, *, topic_arn: str) -> dict[str, Any]:
    """All attributes of a topic."""
    found = find_topic(call, topic_arn)
    subscriptions = subscriptions_to(call.account, topic_arn)
    confirmed = sum(each.confirmed for each in subscriptions)
    shown = {
        "TopicArn": found.arn,
        "Owner": found.account,
        "DisplayName": "",
        "Policy": json.dumps(policy_of(found)),
        "SubscriptionsConfirmed": str(confirmed),
        "SubscriptionsPending": str(len(subscriptions) - confirmed),
        "SubscriptionsDeleted": "0",
        "EffectiveDeliveryPolicy": "{}",
    }
    return {"Attributes": shown | dict(found.attributes)}


def policy_of(found: Topic) -> dict[str, Any]:
    """The policy AWS gives every topic: the owner's account may do everything."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [f"SNS:{name}" for name in POLICY_ACTIONS],
                "Resource": found.arn,
                "Condition": {"StringEquals": {"AWS:SourceOwner": found.account}},
            }
        ],
    }
