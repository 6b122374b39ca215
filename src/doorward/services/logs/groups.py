"""Log groups and log streams."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.log_groups import TRAIL_GROUP, LogGroup, LogLines, MetricFilter
from doorward.account.metric_counts import filters_of
from doorward.account.tags import Tag
from doorward.services.call import Call
from doorward.services.logs import targets
from doorward.services.logs.errors import (
    InvalidParameter,
    LimitExceeded,
    ResourceAlreadyExists,
    ResourceNotFound,
)
from doorward.services.logs.pages import a_page, in_ms
from doorward.services.registry import anything, operation

MOST_GROUPS = 1000
MOST_STREAMS = 100
STANDARD = "STANDARD"


@operation("logs", on=targets.group, keys=(targets.request_tags,))
def create_log_group(
    call: Call,
    *,
    log_group_name: str,
    kms_key_id: str | None = None,
    tags: Mapping[str, str] | None = None,
    log_group_class: str = STANDARD,
    deletion_protection_enabled: bool = False,
) -> None:
    """Make a log group. Its messages are kept with the account."""
    if kms_key_id is not None:
        raise InvalidParameter.not_here("kmsKeyId")
    if deletion_protection_enabled:
        raise InvalidParameter.not_here("deletionProtectionEnabled")
    if log_group_class != STANDARD:
        raise InvalidParameter.not_here(f"logGroupClass {log_group_class[:40]}")
    if log_group_name == TRAIL_GROUP or targets.find_own(call, log_group_name):
        raise ResourceAlreadyExists.group()
    if call.account.count(LogGroup) >= MOST_GROUPS:
        raise LimitExceeded.reached()
    given = tuple(Tag(key, value) for key, value in (tags or {}).items())
    call.update(LogGroup(region=call.region, name=log_group_name, created=call.now, tags=given))


@operation("logs", on=targets.group)
def delete_log_group(call: Call, *, log_group_name: str) -> None:
    """Delete a log group with its messages and metric filters."""
    found = targets.find_written(call, log_group_name)
    filters = filters_of(call.account.all(MetricFilter), log_group_name, call.region)
    lines = call.account.at(("log-lines", found.key))
    call.remove([found, *filters, *([lines] if isinstance(lines, LogLines) else [])])


@operation("logs", on=targets.stream)
def create_log_stream(call: Call, *, log_group_name: str, log_stream_name: str) -> None:
    """Make a log stream."""
    found = targets.find_written(call, log_group_name)
    if log_stream_name in dict(found.streams):
        raise ResourceAlreadyExists.stream()
    if len(found.streams) >= MOST_STREAMS:
        raise LimitExceeded.reached()
    call.update(replace(found, streams=(*found.streams, (log_stream_name, call.now))))


@operation("logs", on=anything, reads=True)
def describe_log_groups(
    call: Call,
    *,
    account_identifiers: Sequence[str] = (),
    log_group_name_prefix: str | None = None,
    log_group_name_pattern: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
    include_linked_accounts: bool = False,
    log_group_class: str = STANDARD,
    log_group_identifiers: Sequence[str] = (),
) -> dict[str, Any]:
    """The log groups of the region; first of all that of the trail."""
    if include_linked_accounts or account_identifiers:
        raise InvalidParameter.not_here("includeLinkedAccounts")
    if log_group_name_prefix and log_group_name_pattern:
        raise InvalidParameter.named("logGroupNamePrefix and logGroupNamePattern are exclusive")
    own = [each for each in call.account.all(LogGroup) if each.region == call.region]
    wanted = {targets.name_of(each) for each in log_group_identifiers}
    pattern = (log_group_name_pattern or "").lower()
    found = [
        each
        for each in sorted([*own, targets.trail_group(call)], key=lambda each: each.name)
        if each.name.startswith(log_group_name_prefix or "")
        and pattern in each.name.lower()
        and (not wanted or each.name in wanted)
        and log_group_class == STANDARD
    ]
    shown, rest = a_page(call, found, lambda each: each.name, next_token, limit)
    return {"logGroups": [_shown(call, each) for each in shown]} | rest


def _shown(call: Call, each: LogGroup) -> dict[str, Any]:
    arn = targets.group_arn(call, each.name)
    filters = filters_of(call.account.all(MetricFilter), each.name, each.region)
    lines = call.account.at(("log-lines", each.key))
    stored = sum(len(line.text) for line in lines.lines) if isinstance(lines, LogLines) else 0
    return {
        "logGroupName": each.name,
        "creationTime": in_ms(each.created),
        "retentionInDays": each.retention_days,
        "metricFilterCount": len(filters),
        "arn": f"{arn}:*",
        "storedBytes": stored,
        "logGroupClass": STANDARD,
        "logGroupArn": arn,
    }


@operation("logs", on=targets.tagged, reads=True)
def list_tags_for_resource(call: Call, *, resource_arn: str) -> dict[str, Any]:
    """The tags of a log group."""
    name = targets.name_of(resource_arn)
    if targets.group_arn(call, name) != resource_arn.removesuffix(":*"):
        raise ResourceNotFound.group()
    return {"tags": dict(targets.find_group(call, name).tags)}
