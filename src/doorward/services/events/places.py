"""What each operation of EventBridge acts on, and the condition keys it brings."""

import json
from typing import Any

from doorward.account.event_rules import EventRule
from doorward.services.call import Call
from doorward.services.events.errors import ResourceNotFoundException
from doorward.services.registry import Context, Params, Target

BUS = "default"


def rule_arn(call: Call, name: str) -> str:
    """The ARN of a rule of the default bus."""
    return f"arn:aws:events:{call.region}:{call.account.id}:rule/{name}"


def rule(call: Call, params: Params) -> Target:
    """The rule of `Name`, or of `Rule`."""
    name = params.get("name") or params["rule"]
    found = call.account.at(("event-rule", f"{call.region}/{name}"))
    return Target(rule_arn(call, name), tags=found.tags if isinstance(found, EventRule) else ())


def tagged(_call: Call, params: Params) -> Target:
    """The resource of `ResourceARN`."""
    return Target(params["resource_arn"])


def refuse_other_bus(call: Call, name: str | None) -> None:
    """Refuse a bus that is not the default one, by name or ARN.

    Raises:
        ResourceNotFoundException: there is no other.
    """
    own = f"arn:aws:events:{call.region}:{call.account.id}:event-bus/{BUS}"
    if name not in {None, BUS, own}:
        raise ResourceNotFoundException.bus(str(name))


def find_rule(call: Call, name: str, bus: str | None) -> EventRule:
    """The rule of that name.

    Raises:
        ResourceNotFoundException: there is none.
    """
    refuse_other_bus(call, bus)
    found = call.account.at(("event-rule", f"{call.region}/{name}"))
    if not isinstance(found, EventRule):
        raise ResourceNotFoundException.rule(name)
    return found


def of_pattern(_call: Call, params: Params) -> Context:
    """events:source, events:detail-type and those of `detail`, as the pattern names them."""
    try:
        found = json.loads(params.get("event_pattern") or "{}")
    except (ValueError, RecursionError):
        return {}
    keys = {
        "events:source": ("source",),
        "events:detail-type": ("detail-type",),
        "events:detail.service": ("detail", "service"),
        "events:detail.eventTypeCode": ("detail", "eventTypeCode"),
        "events:detail.userIdentity.principalId": ("detail", "userIdentity", "principalId"),
    }
    values = {key: _texts(found, path) for key, path in keys.items()}
    return {key: value for key, value in values.items() if value}


def _texts(found: Any, path: tuple[str, ...]) -> tuple[str, ...]:
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def of_targets(_call: Call, params: Params) -> Context:
    """events:TargetArn."""
    return {"events:TargetArn": tuple(each["Arn"] for each in params["targets"])}


def creator(call: Call, _params: Params) -> Context:
    """events:creatorAccount; there are no rules of other accounts."""
    return {"events:creatorAccount": call.caller.account or ""}
