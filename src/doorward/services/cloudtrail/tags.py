"""Tags of trails."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.tags import Tag
from doorward.account.trails import Trail
from doorward.services.call import Call
from doorward.services.cloudtrail import targets
from doorward.services.cloudtrail.errors import (
    InvalidArn,
    InvalidTag,
    ResourceNotFound,
    TagsLimitExceeded,
)
from doorward.services.cloudtrail.names import ARN, looked_up
from doorward.services.registry import operation

MOST_TAGS = 50


def tagged(before: Iterable[Tag], added: Sequence[Tag]) -> tuple[Tag, ...]:
    """The tags with others over them; keys that differ in case are two.

    Raises:
        InvalidTag: a key that is repeated or reserved.
        TagsLimitExceeded: more than 50.
    """
    fresh = {tag.key: tag for tag in added}
    if len(fresh) < len(added):
        raise InvalidTag.repeated()
    if any(key.lower().startswith("aws:") for key in fresh):
        raise InvalidTag.reserved()
    merged = {tag.key: tag for tag in before} | fresh
    if len(merged) > MOST_TAGS:
        raise TagsLimitExceeded.most(MOST_TAGS)
    return tuple(merged.values())


@operation("cloudtrail", on=targets.trail_tagged, keys=(targets.request_tags,))
def add_tags(call: Call, *, resource_id: str, tags_list: Sequence[Mapping[str, str]]) -> None:
    """Add tags to a trail, or give them other values."""
    trail = _of_arn(call, resource_id)
    added = [Tag(tag["Key"], tag.get("Value", "")) for tag in tags_list]
    call.update(replace(trail, tags=tagged(trail.tags, added)))


@operation("cloudtrail", on=targets.trail_tagged, keys=(targets.tag_keys,))
def remove_tags(call: Call, *, resource_id: str, tags_list: Sequence[Mapping[str, str]]) -> None:
    """Take tags away; only their keys count."""
    trail = _of_arn(call, resource_id)
    gone = {tag["Key"] for tag in tags_list}
    call.update(replace(trail, tags=tuple(tag for tag in trail.tags if tag.key not in gone)))


@operation(
    "cloudtrail",
    on=targets.trails_listed,
    also=(targets.further_trails,),
    reads=True,
)
def list_tags(
    call: Call,
    *,
    resource_id_list: Sequence[str],
    next_token: str | None = None,  # noqa: ARG001 - all that may be asked for is one page
) -> dict[str, Any]:
    """The tags of trails."""
    shown = [(name, _of_arn(call, name).tags) for name in resource_id_list]
    return {
        "ResourceTagList": [
            {"ResourceId": name, "TagsList": [{"Key": t.key, "Value": t.value} for t in tags]}
            for name, tags in shown
        ]
    }


def _of_arn(call: Call, arn: str) -> Trail:
    if not ARN.fullmatch(arn):
        raise InvalidArn.of(arn)
    found = looked_up(call.account, call.region, arn)
    if found is None:
        raise ResourceNotFound.of(arn)
    return found
