"""Alarms going from state to state: the record of it, and who is told."""

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from doorward.account.alarms import AlarmHistory, AlarmState, HistoryItem, MetricAlarm
from doorward.account.topics import Delivery, deliveries
from doorward.trail.alarms import ALARM, OK, Verdict

if TYPE_CHECKING:
    from doorward.account.account import Account


def alarm_arn(account_id: str, region: str, name: str) -> str:
    """The ARN of an alarm."""
    return f"arn:aws:cloudwatch:{region}:{account_id}:alarm:{name}"


def with_history(account: "Account", region: str, name: str, item: HistoryItem) -> "Account":
    """The account, with one more item in an alarm's history."""
    found = account.at(("alarm-history", f"{region}/{name}"))
    history = found if isinstance(found, AlarmHistory) else AlarmHistory(region=region, name=name)
    return account.put(history.with_item(item))


def moved(
    account: "Account", alarm: MetricAlarm, verdict: Verdict, now: datetime
) -> tuple["Account", list[Delivery]]:
    """The account with the alarm in another state, and what is to be sent because of it."""
    old = alarm.state
    state = AlarmState(verdict.state, verdict.reason, verdict.data, now, now)
    after = replace(alarm, state=state)
    region = alarm.metric.region
    changed = with_history(account.put(after), region, alarm.name, _state_item(old, after, now))
    if not alarm.enabled:
        return changed, []
    found: list[Delivery] = []
    for topic in _topics(after):
        found += _told(changed, after, old, topic, now)
        changed = with_history(changed, region, alarm.name, _action_item(after, topic, now))
    return changed, found


def _topics(alarm: MetricAlarm) -> tuple[str, ...]:
    if alarm.state.value == ALARM:
        return alarm.actions.alarm
    return alarm.actions.ok if alarm.state.value == OK else alarm.actions.insufficient


def _told(
    account: "Account", alarm: MetricAlarm, old: AlarmState, topic: str, now: datetime
) -> list[Delivery]:
    subject = f'{alarm.state.value}: "{alarm.name}" in {alarm.metric.region}'[:100]
    cause = f"{account.id}/{alarm.key}/{now.isoformat()}/{topic}"
    message_id = str(uuid5(NAMESPACE_URL, cause))
    message = json.dumps(_message(account.id, alarm, old))
    return deliveries(account, topic, message, now, message_id, subject=subject)


def _message(account_id: str, alarm: MetricAlarm, old: AlarmState) -> dict[str, Any]:
    threshold, metric = alarm.threshold, alarm.metric
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account_id,
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.configured),
        "NewStateValue": alarm.state.value,
        "NewStateReason": alarm.state.reason,
        "StateChangeTime": _stamp(alarm.state.updated),
        "Region": metric.region,
        "AlarmArn": alarm_arn(account_id, metric.region, alarm.name),
        "OldStateValue": old.value,
        "OKActions": list(alarm.actions.ok),
        "AlarmActions": list(alarm.actions.alarm),
        "InsufficientDataActions": list(alarm.actions.insufficient),
        "Trigger": {
            "MetricName": metric.name,
            "Namespace": metric.namespace,
            "StatisticType": "Statistic",
            "Statistic": threshold.statistic.upper(),
            "Unit": alarm.unit,
            "Dimensions": [{"name": name, "value": value} for name, value in metric.dimensions],
            "Period": threshold.period_s,
            "EvaluationPeriods": threshold.periods,
            "ComparisonOperator": threshold.order,
            "Threshold": threshold.value,
            "TreatMissingData": threshold.missing,
        },
    }


def _state_item(old: AlarmState, alarm: MetricAlarm, now: datetime) -> HistoryItem:
    data = {
        "version": "1.0",
        "oldState": {"stateValue": old.value, "stateReason": old.reason},
        "newState": {
            "stateValue": alarm.state.value,
            "stateReason": alarm.state.reason,
            "stateReasonData": json.loads(alarm.state.data) if alarm.state.data else None,
        },
    }
    summary = f"Alarm updated from {old.value} to {alarm.state.value}"
    return HistoryItem(now, "StateUpdate", summary, json.dumps(data))


def _action_item(alarm: MetricAlarm, topic: str, now: datetime) -> HistoryItem:
    data = {
        "actionState": "Succeeded",
        "stateUpdateTimestamp": int(now.timestamp() * 1000),
        "notificationResource": topic,
        "stateValue": alarm.state.value,
    }
    summary = f"Successfully executed action {topic}"
    return HistoryItem(now, "Action", summary, json.dumps(data))


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
