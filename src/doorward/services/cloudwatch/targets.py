"""What each operation of CloudWatch acts on, and the condition keys it brings."""

from collections.abc import Sequence

from doorward.account.alarm_changes import alarm_arn
from doorward.account.alarms import MetricAlarm
from doorward.services.call import Call
from doorward.services.registry import Context, Params, Question, Target


def find_alarm(call: Call, name: str) -> MetricAlarm | None:
    """The alarm of that name in the region."""
    found = call.account.at(("alarm", f"{call.region}/{name}"))
    return found if isinstance(found, MetricAlarm) else None


def alarm(call: Call, params: Params) -> Target:
    """The alarm of `AlarmName`."""
    return _target(call, params["alarm_name"])


def alarm_or_any(call: Call, params: Params) -> Target:
    """The alarm of `AlarmName`; any where none is named."""
    return _target(call, params.get("alarm_name") or "*")


def every_alarm(call: Call, params: Params) -> Target:
    """The one alarm that is named; any where several or none are."""
    names: Sequence[str] = params.get("alarm_names") or ()
    return _target(call, names[0] if len(names) == 1 else "*")


def first_alarm(call: Call, params: Params) -> Target:
    """The first of `AlarmNames`; the others are asked for by `other_alarms`."""
    names: Sequence[str] = params["alarm_names"]
    return _target(call, names[0] if names else "*")


def other_alarms(call: Call, params: Params) -> list[Question]:
    """Each of `AlarmNames` but the first is a question of its own."""
    action = f"cloudwatch:{call.operation}"
    return [Question(action, _target(call, name), {}) for name in params["alarm_names"][1:]]


def tagged(_call: Call, params: Params) -> Target:
    """The resource of `ResourceARN`."""
    return Target(params["resource_arn"])


def _target(call: Call, name: str) -> Target:
    found = find_alarm(call, name)
    arn = alarm_arn(call.account.id, call.region, name)
    return Target(arn, tags=found.tags if found else ())


def actions(_call: Call, params: Params) -> Context:
    """cloudwatch:AlarmActions, those of every state."""
    names = ("alarm_actions", "ok_actions", "insufficient_data_actions")
    arns = tuple(arn for name in names for arn in params.get(name) or ())
    return {"cloudwatch:AlarmActions": arns} if arns else {}
