"""Alarms, listed."""

from collections.abc import Sequence
from typing import Any

from doorward.account.alarm_changes import alarm_arn
from doorward.account.alarms import MetricAlarm
from doorward.services.call import Call
from doorward.services.cloudwatch import targets
from doorward.services.cloudwatch.alarms import dimensions_of
from doorward.services.cloudwatch.errors import InvalidNextToken
from doorward.services.paging import BadMarker, page
from doorward.services.registry import anything, operation


@operation("cloudwatch", on=targets.every_alarm, reads=True)
def describe_alarms(
    call: Call,
    *,
    alarm_names: Sequence[str] = (),
    alarm_name_prefix: str | None = None,
    alarm_types: Sequence[str] = (),
    children_of_alarm_name: str | None = None,
    parents_of_alarm_name: str | None = None,
    state_value: str | None = None,
    action_prefix: str | None = None,
    max_records: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """The metric alarms of the region; there are no composite ones."""
    # AWS: metric alarms are what is listed where no type is named.
    wanted = not alarm_types or "MetricAlarm" in alarm_types
    composite = children_of_alarm_name is not None or parents_of_alarm_name is not None
    found = [
        each
        for each in _of_region(call)
        if wanted
        and not composite
        and (not alarm_names or each.name in alarm_names)
        and each.name.startswith(alarm_name_prefix or "")
        and state_value in {None, each.state.value}
        and (action_prefix is None or _acts(each, action_prefix))
    ]
    try:
        shown, rest = page(
            call, found, lambda each: each.key, marker=next_token, max_items=max_records
        )
    except BadMarker as error:
        raise InvalidNextToken.given() from error
    return {
        "MetricAlarms": [_shown(call, each) for each in shown],
        "CompositeAlarms": [],
        "NextToken": rest.get("Marker"),
    }


def _of_region(call: Call) -> list[MetricAlarm]:
    return [each for each in call.account.all(MetricAlarm) if each.metric.region == call.region]


def _acts(alarm: MetricAlarm, prefix: str) -> bool:
    actions = alarm.actions
    return any(
        arn.startswith(prefix) for arn in (*actions.alarm, *actions.ok, *actions.insufficient)
    )


@operation("cloudwatch", on=anything, reads=True)
def describe_alarms_for_metric(
    call: Call,
    *,
    metric_name: str,
    namespace: str,
    statistic: str | None = None,
    extended_statistic: str | None = None,
    dimensions: Sequence[Any] = (),
    period: int | None = None,
    unit: str | None = None,
) -> dict[str, Any]:
    """The alarms on one metric."""
    found = [
        each
        for each in _of_region(call)
        if (each.metric.name, each.metric.namespace) == (metric_name, namespace)
        and each.metric.dimensions == dimensions_of(dimensions)
        and statistic in {None, each.threshold.statistic}
        and extended_statistic is None
        and period in {None, each.threshold.period_s}
        and unit in {None, each.unit}
    ]
    return {"MetricAlarms": [_shown(call, each) for each in found]}


def _shown(call: Call, alarm: MetricAlarm) -> dict[str, Any]:
    threshold, state = alarm.threshold, alarm.state
    return {
        "AlarmName": alarm.name,
        "AlarmArn": alarm_arn(call.account.id, alarm.metric.region, alarm.name),
        "AlarmDescription": alarm.description,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured,
        "ActionsEnabled": alarm.enabled,
        "OKActions": list(alarm.actions.ok),
        "AlarmActions": list(alarm.actions.alarm),
        "InsufficientDataActions": list(alarm.actions.insufficient),
        "StateValue": state.value,
        "StateReason": state.reason,
        "StateReasonData": state.data or None,
        "StateUpdatedTimestamp": state.updated,
        "MetricName": alarm.metric.name,
        "Namespace": alarm.metric.namespace,
        "Statistic": threshold.statistic,
        "Dimensions": [{"Name": name, "Value": value} for name, value in alarm.metric.dimensions],
        "Period": threshold.period_s,
        "Unit": alarm.unit,
        "EvaluationPeriods": threshold.periods,
        "DatapointsToAlarm": threshold.datapoints if alarm.datapoints_given else None,
        "Threshold": threshold.value,
        "ComparisonOperator": threshold.order,
        "TreatMissingData": threshold.missing,
        "StateTransitionedTimestamp": state.moved,
    }
