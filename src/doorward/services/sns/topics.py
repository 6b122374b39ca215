"""Topics: made, listed, deleted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from doorward.account.tags import Tag
from doorward.account.topics import Topic, subscriptions_to, topic_of
from doorward.services.call import Call
from doorward.services.registry import anything, operation
from doorward.services.request_tags import request_tags
from doorward.services.sns.attributes import checked, is_off
from doorward.services.sns.errors import InvalidParameter, ResourceNotFound, TopicLimitExceeded
from doorward.services.sns.pages import a_page
from doorward.services.sns.targets import new_topic, tagged, topic

MOST_TOPICS = 1000
NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")


@operation("sns", on=new_topic, keys=(request_tags,))
def create_topic(
    call: Call,
    *,
    name: str,
    attributes: Mapping[str, str] | None = None,
    tags: Sequence[Mapping[str, str]] = (),
    data_protection_policy: str | None = None,
) -> dict[str, Any]:
    """Make a topic; the same name again gives the same topic."""
    if not NAME.fullmatch(name):
        raise InvalidParameter.named("Topic Name")
    if data_protection_policy is not None:
        raise InvalidParameter.not_here("DataProtectionPolicy")
    wanted = tuple(
        (key, checked(key, value))
        for key, value in (attributes or {}).items()
        if not is_off(key, value)
    )
    given = tuple(Tag(tag["Key"], tag["Value"]) for tag in tags)
    found = topic_of(call.account, f"arn:aws:sns:{call.region}:{call.account.id}:{name}")
    if found is None:
        if call.account.count(Topic) >= MOST_TOPICS:
            raise TopicLimitExceeded.topics()
        found = Topic(
            region=call.region,
            name=name,
            account=call.account.id,
            created=call.now,
            attributes=wanted,
            tags=given,
        )
        call.update(found)
    elif not set(wanted) <= set(found.attributes):
        raise InvalidParameter.named("Attributes Reason: Topic already exists with others")
    elif not set(given) <= set(found.tags):
        raise InvalidParameter.named("Tags Reason: Topic already exists with different tags")
    return {"TopicArn": found.arn}


@operation("sns", on=anything, reads=True)
def list_topics(call: Call, *, next_token: str | None = None) -> dict[str, Any]:
    """The topics of the region."""
    found = [each for each in call.account.all(Topic) if each.region == call.region]
    shown, rest = a_page(call, found, lambda each: each.key, next_token)
    return {"Topics": [{"TopicArn": each.arn} for each in shown]} | rest


@operation("sns", on=topic)
def delete_topic(call: Call, *, topic_arn: str) -> None:
    """Delete a topic and its subscriptions; one that is not there is gone already."""
    found = topic_of(call.account, topic_arn)
    if found is not None:
        call.remove([*subscriptions_to(call.account, topic_arn), found])


@operation("sns", on=tagged, reads=True)
def list_tags_for_resource(call: Call, *, resource_arn: str) -> dict[str, Any]:
    """The tags of a topic."""
    found = topic_of(call.account, resource_arn)
    if found is None:
        raise ResourceNotFound.resource()
    return {"Tags": [{"Key": tag.key, "Value": tag.value} for tag in found.tags]}
