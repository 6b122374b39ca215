"""Trails: made, shown, changed, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.tags import Tag
from doorward.account.trails import Trail
from doorward.services.call import Call
from doorward.services.cloudtrail import targets
from doorward.services.cloudtrail.errors import (
    BucketDoesNotExist,
    InsufficientBucketPolicy,
    InsufficientTopicPolicy,
    InvalidNextToken,
    InvalidParameterCombination,
    KmsKeyNotFound,
    MaximumNumberOfTrailsExceeded,
    OrganizationsNotInUse,
    TrailAlreadyExists,
)
from doorward.services.cloudtrail.logs import log_target
from doorward.services.cloudtrail.names import (
    find,
    find_at_home,
    in_region,
    looked_up,
    refuse_odd_bucket,
    refuse_odd_name,
    refuse_odd_prefix,
    trails_of,
)
from doorward.services.cloudtrail.shape import described, detailed, listed
from doorward.services.cloudtrail.tags import tagged
from doorward.services.paging import page
from doorward.services.registry import anything, operation

MOST_IN_REGION = 5
MOST_LISTED = 1000


def bucket_fault(call: Call, *, s3_bucket_name: str | None = None, **_others: Any) -> str:
    """What is wrong with the bucket asked for, in a word; found out in a thread."""
    if s3_bucket_name is None:
        return ""
    refuse_odd_bucket(s3_bucket_name)
    return call.desk.bucket_fault(s3_bucket_name)


@operation(
    "cloudtrail",
    on=targets.new_trail,
    keys=(targets.request_tags,),
    also=(targets.tag_new_trail, targets.pass_log_role),
    prepare=bucket_fault,
)
def create_trail(
    call: Call,
    *,
    name: str,
    s3_bucket_name: str,
    s3_key_prefix: str | None = None,
    sns_topic_name: str | None = None,
    include_global_service_events: bool = True,
    is_multi_region_trail: bool = False,
    enable_log_file_validation: bool = False,
    cloud_watch_logs_log_group_arn: str | None = None,
    cloud_watch_logs_role_arn: str | None = None,
    kms_key_id: str | None = None,
    is_organization_trail: bool = False,
    tags_list: Sequence[Mapping[str, str]] = (),
    recursive_logging: bool | None = None,  # noqa: ARG001 - data events, which are not here
) -> dict[str, Any]:
    """Make a trail; it logs from StartLogging on."""
    refuse_odd_name(name)
    _refuse_taken(call, name, multi_region=is_multi_region_trail)
    refuse_odd_prefix(s3_key_prefix)
    _refuse_bucket(call, s3_bucket_name)
    _refuse_elsewhere(sns_topic_name, kms_key_id, organization=is_organization_trail)
    log_group, log_role = log_target(
        call, cloud_watch_logs_log_group_arn, cloud_watch_logs_role_arn
    )
    trail = Trail(
        name=name,
        trail_id=call.random(16).hex(),
        region=call.region,
        created=call.now,
        bucket=s3_bucket_name,
        prefix=s3_key_prefix or None,
        global_events=include_global_service_events,
        multi_region=is_multi_region_trail,
        validation=call.now if enable_log_file_validation else None,
        log_group=log_group,
        log_role=log_role,
        tags=tagged((), [Tag(tag["Key"], tag.get("Value", "")) for tag in tags_list]),
    )
    _refuse_half_global(trail)
    call.update(trail)
    return described(call.account.id, trail)


@operation("cloudtrail", on=targets.trail_named, reads=True)
def get_trail(call: Call, *, name: str) -> dict[str, Any]:
    """A trail's settings."""
    return {"Trail": detailed(call.account.id, find(call, name))}


@operation("cloudtrail", on=anything, reads=True)
def describe_trails(
    call: Call, *, trail_name_list: Sequence[str] = (), include_shadow_trails: bool = True
) -> dict[str, Any]:
    """Trails of a region; names of none are passed over."""
    if trail_name_list:
        found = [looked_up(call.account, call.region, name) for name in trail_name_list]
        trails = [each for each in found if each]
    else:
        trails = list(in_region(call.account, call.region))
    if not include_shadow_trails:
        trails = [each for each in trails if each.region == call.region]
    return {"trailList": [detailed(call.account.id, each) for each in trails]}


@operation("cloudtrail", on=anything, reads=True)
def list_trails(call: Call, *, next_token: str | None = None) -> dict[str, Any]:
    """The trails of every region."""
    if next_token:
        refuse_foreign_token(call, next_token)
    shown, more = page(
        call,
        trails_of(call.account),
        lambda each: each.key,
        marker=next_token,
        max_items=MOST_LISTED,
    )
    answer: dict[str, Any] = {"Trails": [listed(call.account.id, each) for each in shown]}
    return answer | ({"NextToken": more["Marker"]} if "Marker" in more else {})


@operation(
    "cloudtrail",
    on=targets.trail_named,
    also=(targets.pass_log_role,),
    prepare=bucket_fault,
)
def update_trail(
    call: Call,
    *,
    name: str,
    s3_bucket_name: str | None = None,
    s3_key_prefix: str | None = None,
    sns_topic_name: str | None = None,
    include_global_service_events: bool | None = None,
    is_multi_region_trail: bool | None = None,
    enable_log_file_validation: bool | None = None,
    cloud_watch_logs_log_group_arn: str | None = None,
    cloud_watch_logs_role_arn: str | None = None,
    kms_key_id: str | None = None,
    is_organization_trail: bool | None = None,
    recursive_logging: bool | None = None,  # noqa: ARG001 - data events, which are not here
) -> dict[str, Any]:
    """Change what is given; an empty text takes a prefix or a log group away."""
    before = find_at_home(call, name)
    refuse_odd_prefix(s3_key_prefix)
    if s3_bucket_name is not None:
        _refuse_bucket(call, s3_bucket_name)
    _refuse_elsewhere(sns_topic_name, kms_key_id, organization=bool(is_organization_trail))
    log_group, log_role = log_target(
        call, cloud_watch_logs_log_group_arn, cloud_watch_logs_role_arn, before
    )
    given = {
        "bucket": s3_bucket_name,
        "prefix": s3_key_prefix,
        "global_events": include_global_service_events,
        "multi_region": is_multi_region_trail,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if enable_log_file_validation is not None:
        since = before.validation or call.now
        changes["validation"] = since if enable_log_file_validation else None
    trail = replace(before, log_group=log_group, log_role=log_role, **changes)
    trail = replace(trail, prefix=trail.prefix or None)
    _refuse_half_global(trail)
    if trail.multi_region and not before.multi_region:
        _refuse_taken(call, trail.name, multi_region=True, but=before)
    call.update(trail)
    return described(call.account.id, trail)


@operation("cloudtrail", on=targets.trail_named)
def delete_trail(call: Call, *, name: str) -> None:
    """Delete a trail; what it logged until now, this call included, is still delivered."""
    trail = find_at_home(call, name)
    call.remove([trail])
    if trail.spans:
        call.update(replace(trail.stopped(call.now), deleted=call.now))


def refuse_foreign_token(call: Call, token: str) -> None:
    """Refuse a token of another list.

    Raises:
        InvalidNextToken: it is none of ours.
    """
    if call.desk.unseal(f"marker/{call.service}/{call.operation}/{call.account.id}", token) is None:
        raise InvalidNextToken.not_valid()


def _refuse_taken(call: Call, name: str, *, multi_region: bool, but: Trail | None = None) -> None:
    everywhere = trails_of(call.account) if multi_region else in_region(call.account, call.region)
    others = [each for each in everywhere if each != but]
    if any(each.name == name for each in others):
        raise TrailAlreadyExists.named(name, call.account.id)
    here = [each for each in in_region(call.account, call.region) if each != but]
    if len(here) >= MOST_IN_REGION:
        raise MaximumNumberOfTrailsExceeded.in_region(call.account.id, MOST_IN_REGION, call.region)


def _refuse_bucket(call: Call, bucket: str) -> None:
    refuse_odd_bucket(bucket)
    if call.prepared == "missing":
        raise BucketDoesNotExist.named(bucket)
    if call.prepared:
        raise InsufficientBucketPolicy.of(bucket)


def _refuse_elsewhere(topic: str | None, kms_key: str | None, *, organization: bool) -> None:
    """What hangs on services that are not here."""
    if organization:
        raise OrganizationsNotInUse.here()
    if topic:
        raise InsufficientTopicPolicy.no_topic()
    if kms_key:
        raise KmsKeyNotFound.of(kms_key)


def _refuse_half_global(trail: Trail) -> None:
    if trail.multi_region and not trail.global_events:
        raise InvalidParameterCombination.regional()
