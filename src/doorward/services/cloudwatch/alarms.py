"""Alarms: put, set by hand, deleted."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.alarm_changes import moved, with_history
from doorward.account.alarms import (
    Actions,
    AlarmState,
    Dimensions,
    HistoryItem,
    MetricAlarm,
    MetricName,
)
from doorward.account.tags import Tag
from doorward.services.call import Call, Message
from doorward.services.cloudwatch import targets
from doorward.services.cloudwatch.errors import (
    InvalidFormat,
    LimitExceeded,
    ResourceNotFound,
    ResourceNotFoundException,
    ValidationError,
)
from doorward.services.registry import operation
from doorward.services.request_tags import request_tags
from doorward.trail.alarms import INSUFFICIENT, ORDERS, STATISTICS, Threshold, Verdict

MOST_ALARMS = 1000
DAY_S = 86_400
WEEK_S = 7 * DAY_S
HOUR_S = 3600
MINUTE_S = 60
SHORT_PERIODS = frozenset({10, 20, 30})
MISSING = ("breaching", "notBreaching", "ignore", "missing")
NEW = "Unchecked: Initial alarm creation"


@operation("cloudwatch", on=targets.alarm, keys=(request_tags, targets.actions))
def put_metric_alarm(
    call: Call,
    *,
    alarm_name: str,
    alarm_description: str | None = None,
    actions_enabled: bool = True,
    ok_actions: Sequence[str] = (),
    alarm_actions: Sequence[str] = (),
    insufficient_data_actions: Sequence[str] = (),
    metric_name: str | None = None,
    namespace: str | None = None,
    statistic: str | None = None,
    extended_statistic: str | None = None,
    dimensions: Sequence[Mapping[str, str]] = (),
    period: int | None = None,
    unit: str | None = None,
    evaluation_periods: int | None = None,
    datapoints_to_alarm: int | None = None,
    threshold: float | None = None,
    comparison_operator: str | None = None,
    treat_missing_data: str = "missing",
    evaluate_low_sample_count_percentile: str | None = None,
    metrics: Sequence[Mapping[str, Any]] = (),
    tags: Sequence[Mapping[str, str]] = (),
    threshold_metric_id: str | None = None,
    evaluation_window: Mapping[str, Any] | None = None,
    warm_up_configuration: Mapping[str, Any] | None = None,
    evaluation_criteria: Mapping[str, Any] | None = None,
    evaluation_interval: int | None = None,
    action_configuration: Mapping[str, Any] | None = None,
) -> None:
    """Put an alarm on one metric; the alarm of that name is replaced, and keeps its state."""
    _refuse_what_is_not_here(
        {
            "ExtendedStatistic": extended_statistic,
            "EvaluateLowSampleCountPercentile": evaluate_low_sample_count_percentile,
            "Metrics": metrics,
            "ThresholdMetricId": threshold_metric_id,
            "EvaluationWindow": evaluation_window,
            "WarmUpConfiguration": warm_up_configuration,
            "EvaluationCriteria": evaluation_criteria,
            "EvaluationInterval": evaluation_interval,
            "ActionConfiguration": action_configuration,
        }
    )
    if metric_name is None or namespace is None:
        raise ValidationError.missing(["MetricName", "Namespace"])
    made = _threshold(
        statistic, period, evaluation_periods, datapoints_to_alarm, threshold, comparison_operator
    )
    if treat_missing_data not in MISSING:
        raise ValidationError.named(f"TreatMissingData is one of {', '.join(MISSING)}")
    metric = MetricName(call.region, namespace, metric_name, dimensions_of(dimensions))
    actions = Actions(tuple(alarm_actions), tuple(ok_actions), tuple(insufficient_data_actions))
    _refuse_other_than_topics(call, actions)
    before = targets.find_alarm(call, alarm_name)
    if before is None and call.account.count(MetricAlarm) >= MOST_ALARMS:
        raise LimitExceeded.alarms()
    alarm = MetricAlarm(
        metric=metric,
        name=alarm_name,
        configured=call.now,
        threshold=replace(made, missing=treat_missing_data),
        state=before.state if before else AlarmState(INSUFFICIENT, NEW, "", call.now, call.now),
        description=alarm_description,
        enabled=actions_enabled,
        actions=actions,
        unit=unit,
        datapoints_given=datapoints_to_alarm is not None,
        # AWS: tags of an update are ignored.
        tags=before.tags if before else tuple(Tag(tag["Key"], tag["Value"]) for tag in tags),
    )
    call.update(alarm)
    _note(call, alarm_name, "created" if before is None else "updated")


def _refuse_what_is_not_here(given: Mapping[str, Any]) -> None:
    # An alarm that looks at something else than it was told would be worse than none.
    for name, value in given.items():
        if value:
            raise ValidationError.not_here(name)


def _threshold(
    statistic: str | None,
    period: int | None,
    periods: int | None,
    datapoints: int | None,
    value: float | None,
    order: str | None,
) -> Threshold:
    if statistic is None or period is None or periods is None or value is None or order is None:
        names = ("Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator")
        raise ValidationError.missing(names)
    if statistic not in STATISTICS or order not in ORDERS:
        raise ValidationError.not_here(f"{statistic[:40]} with {order[:60]}")
    if period not in SHORT_PERIODS and period % MINUTE_S:
        raise ValidationError.named("Period must be 10, 20, 30 or a multiple of 60")
    if period * periods > (WEEK_S if period >= HOUR_S else DAY_S):
        raise ValidationError.named("Metrics cannot be checked across more than a day")
    if not 1 <= (datapoints or periods) <= periods:
        raise ValidationError.named("DatapointsToAlarm must not exceed EvaluationPeriods")
    if not math.isfinite(value):
        raise ValidationError.named("Threshold must be a number")
    return Threshold(
        statistic=statistic,
        period_s=period,
        periods=periods,
        datapoints=datapoints or periods,
        order=order,
        value=float(value),
    )


def dimensions_of(given: Sequence[Mapping[str, str]]) -> Dimensions:
    """Dimensions in the order of their names, as metric filters keep them."""
    return tuple(sorted((each["Name"], each["Value"]) for each in given))


def _refuse_other_than_topics(call: Call, actions: Actions) -> None:
    start = f"arn:aws:sns:{call.region}:{call.account.id}:"
    for arn in (*actions.alarm, *actions.ok, *actions.insufficient):
        if not arn.startswith(start) or ":" in arn.removeprefix(start):
            raise ValidationError.arn(arn)


def _note(call: Call, name: str, deed: str) -> None:
    data = json.dumps({"version": "1.0", "type": deed.removesuffix("d").capitalize()})
    item = HistoryItem(call.now, "ConfigurationUpdate", f'Alarm "{name}" {deed}', data)
    call.account = with_history(call.account, call.region, name, item)


@operation("cloudwatch", on=targets.alarm)
def set_alarm_state(
    call: Call,
    *,
    alarm_name: str,
    state_value: str,
    state_reason: str,
    state_reason_data: str | None = None,
) -> None:
    """Set the state by hand; it holds until the alarm is looked at again, within a minute."""
    alarm = targets.find_alarm(call, alarm_name)
    if alarm is None:
        raise ResourceNotFound.alarm()
    data = _json(state_reason_data)
    if state_value == alarm.state.value:
        state = alarm.state._replace(reason=state_reason, data=data, updated=call.now)
        call.update(replace(alarm, state=state))
        return
    verdict = Verdict(state_value, state_reason, data)
    call.account, told = moved(call.account, alarm, verdict, call.now)
    call.messages += [Message(each.kind, each.body) for each in told]


def _json(text: str | None) -> str:
    try:
        return json.dumps(json.loads(text)) if text else ""
    except (ValueError, RecursionError):
        raise InvalidFormat.data() from None


@operation("cloudwatch", on=targets.first_alarm, also=(targets.other_alarms,))
def delete_alarms(call: Call, *, alarm_names: Sequence[str]) -> None:
    """Delete alarms, all that are named or none."""
    found = {name: targets.find_alarm(call, name) for name in alarm_names}
    if not all(found.values()):
        raise ResourceNotFound.alarm()
    call.remove(found.values())
    for name in found:
        _note(call, name, "deleted")


@operation("cloudwatch", on=targets.tagged, reads=True)
def list_tags_for_resource(call: Call, *, resource_arn: str) -> dict[str, Any]:
    """The tags of an alarm."""
    parts = resource_arn.split(":", 6)
    known = parts[:6] == ["arn", "aws", "cloudwatch", call.region, call.account.id, "alarm"]
    found = targets.find_alarm(call, parts[6]) if known else None
    if found is None:
        raise ResourceNotFoundException.resource(resource_arn)
    return {"Tags": [{"Key": tag.key, "Value": tag.value} for tag in found.tags]}
