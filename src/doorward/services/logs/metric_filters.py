"""Metric filters: which messages count, and as what."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from doorward.account.log_groups import MetricFilter, Transformation
from doorward.account.metric_counts import filters_of
from doorward.services.call import Call
from doorward.services.logs import targets
from doorward.services.logs.errors import InvalidParameter, LimitExceeded, ResourceNotFound
from doorward.services.logs.pages import a_page, in_ms
from doorward.services.registry import anything, operation
from doorward.trail.filter_pattern import BadPattern, FilterPattern, LogLine, filter_pattern
from doorward.trail.filter_pattern_values import number_of

MOST_FILTERS = 100
MOST_DIMENSIONS = 3
SELECTOR = re.compile(r"\$[\w.\-\[\]*:\"' @/]+")


def pattern_of(text: str) -> FilterPattern:
    """A pattern that was understood.

    Raises:
        InvalidParameter: it is not of the language; the message says why, and what would be.
    """
    try:
        return filter_pattern(text)
    except BadPattern as error:
        raise InvalidParameter.pattern(str(error)) from None


@operation("logs", on=targets.group)
def put_metric_filter(
    call: Call,
    *,
    log_group_name: str,
    filter_name: str,
    filter_pattern: str,
    metric_transformations: Sequence[Mapping[str, Any]],
    apply_on_transformed_logs: bool = False,
    field_selection_criteria: str | None = None,
    emit_system_field_dimensions: Sequence[str] = (),
) -> None:
    """Count the messages that match from now on; a filter of that name is replaced."""
    targets.find_group(call, log_group_name)
    if apply_on_transformed_logs or field_selection_criteria or emit_system_field_dimensions:
        raise InvalidParameter.not_here("Transforming logs or selecting by system fields")
    pattern_of(filter_pattern)
    made = MetricFilter(
        region=call.region,
        group=log_group_name,
        name=filter_name,
        pattern=filter_pattern,
        created=call.now,
        transformation=_transformation(metric_transformations[0]),
    )
    others = filters_of(call.account.all(MetricFilter), log_group_name, call.region)
    if len([each for each in others if each.name != filter_name]) >= MOST_FILTERS:
        raise LimitExceeded.reached()
    call.update(made)


def _transformation(given: Mapping[str, Any]) -> Transformation:
    value, dimensions = given["metricValue"], given.get("dimensions") or {}
    if number_of(value) is None and not SELECTOR.fullmatch(value):
        raise InvalidParameter.named(f"metricValue {value[:100]!r} is no number and no selector")
    if not math.isfinite(given.get("defaultValue") or 0):
        raise InvalidParameter.named("defaultValue is no number")
    if dimensions and given.get("defaultValue") is not None:
        raise InvalidParameter.named("metricTransformations with dimensions have no defaultValue")
    if len(dimensions) > MOST_DIMENSIONS:
        raise InvalidParameter.named(f"at most {MOST_DIMENSIONS} dimensions")
    if not all(SELECTOR.fullmatch(each) for each in dimensions.values()):
        raise InvalidParameter.named("the values of dimensions are selectors such as $.eventName")
    return Transformation(
        namespace=given["metricNamespace"],
        metric=given["metricName"],
        value=value,
        default=given.get("defaultValue"),
        dimensions=tuple(dimensions.items()),
        unit=given.get("unit") or "None",
    )


@operation("logs", on=targets.group)
def delete_metric_filter(call: Call, *, log_group_name: str, filter_name: str) -> None:
    """Stop counting."""
    targets.find_group(call, log_group_name)
    place = ("metric-filter", f"{call.region}/{log_group_name}:{filter_name}")
    found = call.account.at(place)
    if found is None:
        raise ResourceNotFound.metric_filter()
    call.remove([found])


@operation("logs", on=targets.group, reads=True)
def describe_metric_filters(
    call: Call,
    *,
    log_group_name: str | None = None,
    filter_name_prefix: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
    metric_name: str | None = None,
    metric_namespace: str | None = None,
) -> dict[str, Any]:
    """The metric filters of the region, of a log group, or that count a metric."""
    if (metric_name is None) != (metric_namespace is None):
        raise InvalidParameter.named("metricName and metricNamespace go together")
    if log_group_name is not None:
        targets.find_group(call, log_group_name)
    found = [
        each
        for each in call.account.all(MetricFilter)
        if each.region == call.region
        and log_group_name in {None, each.group}
        and each.name.startswith(filter_name_prefix or "")
        and metric_name in {None, each.transformation.metric}
        and metric_namespace in {None, each.transformation.namespace}
    ]
    shown, rest = a_page(call, found, lambda each: each.key, next_token, limit)
    return {"metricFilters": [_shown(each) for each in shown]} | rest


def _shown(each: MetricFilter) -> dict[str, Any]:
    made = each.transformation
    return {
        "filterName": each.name,
        "filterPattern": each.pattern,
        "metricTransformations": [
            {
                "metricName": made.metric,
                "metricNamespace": made.namespace,
                "metricValue": made.value,
                "defaultValue": made.default,
                "dimensions": dict(made.dimensions) or None,
                "unit": made.unit,
            }
        ],
        "creationTime": in_ms(each.created),
        "logGroupName": each.group,
        "applyOnTransformedLogs": False,
    }


@operation("logs", on=anything, reads=True)
def test_metric_filter(
    call: Call,  # noqa: ARG001 - every operation's
    *,
    filter_pattern: str,
    log_event_messages: Sequence[str],
) -> dict[str, Any]:
    """Which of the messages a pattern matches, and the values it finds."""
    pattern = pattern_of(filter_pattern)
    found = [
        (number, text, pattern.matched(LogLine(text)))
        for number, text in enumerate(log_event_messages, 1)
    ]
    return {
        "matches": [
            {"eventNumber": number, "eventMessage": text, "extractedValues": values}
            for number, text, values in found
            if values is not None
        ]
    }
