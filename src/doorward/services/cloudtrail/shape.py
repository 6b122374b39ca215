"""Trails in AWS's members."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from doorward.account.trail_delivery import DeliveryState
from doorward.account.trails import AdvancedSelector, EventSelector, FieldSelector, Trail
from doorward.services.cloudtrail.names import arn_of
from doorward.trail.members import iso

_OPERATORS = {
    "Equals": "equals",
    "StartsWith": "starts_with",
    "EndsWith": "ends_with",
    "NotEquals": "not_equals",
    "NotStartsWith": "not_starts_with",
    "NotEndsWith": "not_ends_with",
}


def described(account: str, trail: Trail) -> dict[str, Any]:
    """A trail as CreateTrail and UpdateTrail answer with it."""
    shown = {
        "Name": trail.name,
        "S3BucketName": trail.bucket,
        "S3KeyPrefix": trail.prefix,
        "IncludeGlobalServiceEvents": trail.global_events,
        "IsMultiRegionTrail": trail.multi_region,
        "TrailARN": arn_of(account, trail),
        "LogFileValidationEnabled": trail.validation is not None,
        "CloudWatchLogsLogGroupArn": trail.log_group,
        "CloudWatchLogsRoleArn": trail.log_role,
        "IsOrganizationTrail": False,
    }
    return {name: value for name, value in shown.items() if value is not None}


def detailed(account: str, trail: Trail) -> dict[str, Any]:
    """A trail as GetTrail and DescribeTrails answer with it."""
    return described(account, trail) | {
        "HomeRegion": trail.region,
        "HasCustomEventSelectors": bool(trail.selectors or trail.advanced),
        "HasInsightSelectors": False,
    }


def listed(account: str, trail: Trail) -> dict[str, Any]:
    """A trail as ListTrails answers with it."""
    return {"TrailARN": arn_of(account, trail), "Name": trail.name, "HomeRegion": trail.region}


def status(trail: Trail, state: DeliveryState | None) -> dict[str, Any]:
    """What GetTrailStatus tells; the texts are empty until there is something to tell."""
    started = trail.spans[-1].start if trail.spans else None
    ended = [span.end for span in trail.spans if span.end]
    stopped = ended[-1] if ended else None
    attempted = state.attempted if state else None
    delivered = state.delivered if state else None
    shown = {
        "IsLogging": trail.is_logging,
        "LatestDeliveryError": state.error or None if state else None,
        "LatestDeliveryTime": delivered,
        "StartLoggingTime": started,
        "StopLoggingTime": stopped,
        "LatestDigestDeliveryTime": state.digest_delivered if state else None,
        "LatestDigestDeliveryError": state.digest_error or None if state else None,
        "LatestDeliveryAttemptTime": _text(attempted),
        "LatestNotificationAttemptTime": "",
        "LatestNotificationAttemptSucceeded": "",
        "LatestDeliveryAttemptSucceeded": _text(delivered),
        "TimeLoggingStarted": _text(started),
        "TimeLoggingStopped": _text(stopped),
    }
    return {name: value for name, value in shown.items() if value is not None}


def basic_selectors(trail: Trail) -> list[dict[str, Any]]:
    """EventSelectors; a trail nobody gave any has one that takes everything."""
    return [_basic(each) for each in trail.selectors or (EventSelector(),)]


def advanced_selectors(selectors: Iterable[AdvancedSelector]) -> list[dict[str, Any]]:
    """AdvancedEventSelectors."""
    return [
        {"Name": each.name, "FieldSelectors": [_field(field) for field in each.fields]}
        for each in selectors
    ]


def _basic(selector: EventSelector) -> dict[str, Any]:
    return {
        "ReadWriteType": selector.read_write,
        "IncludeManagementEvents": selector.management,
        "DataResources": [
            {"Type": each.type, "Values": list(each.values)} for each in selector.data_resources
        ],
        "ExcludeManagementEventSources": list(selector.excluded),
    }


def _field(selector: FieldSelector) -> dict[str, Any]:
    values = {name: list(getattr(selector, place)) for name, place in _OPERATORS.items()}
    return {"Field": selector.field} | {name: each for name, each in values.items() if each}


def _text(at: datetime | None) -> str:
    return iso(at) if at else ""
