"""Where the events of a rule go: SNS topics."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.event_rules import RuleTarget
from doorward.services.call import Call
from doorward.services.events import places
from doorward.services.events.errors import LimitExceededException, ValidationException
from doorward.services.events.pages import a_page
from doorward.services.registry import operation
from doorward.trail.filter_pattern_json import path
from doorward.trail.filter_pattern_values import BadPattern

MOST_TARGETS = 5
KNOWN = frozenset({"Id", "Arn", "Input", "InputPath"})


@operation("events", on=places.rule, keys=(places.of_targets, places.creator))
def put_targets(
    call: Call,
    *,
    rule: str,
    targets: Sequence[Mapping[str, Any]],
    event_bus_name: str | None = None,
) -> dict[str, Any]:
    """Send the events of a rule to topics too; a target of an id that is there is replaced."""
    found = places.find_rule(call, rule, event_bus_name)
    given = {each["Id"]: _target(call, each) for each in targets}
    kept = tuple(each for each in found.targets if each.id not in given)
    if len(kept) + len(given) > MOST_TARGETS:
        raise LimitExceededException.reached()
    call.update(replace(found, targets=(*kept, *given.values())))
    return {"FailedEntryCount": 0, "FailedEntries": []}


def _target(call: Call, given: Mapping[str, Any]) -> RuleTarget:
    # A target that would be reached otherwise than was asked is refused.
    for name in given:
        if name not in KNOWN:
            raise ValidationException.not_here(f"Target {given['Id']}: {name}")
    start = f"arn:aws:sns:{call.region}:{call.account.id}:"
    if not given["Arn"].startswith(start) or ":" in given["Arn"].removeprefix(start):
        raise ValidationException.not_here(f"Target {given['Id']}: anything but an SNS topic")
    if given.get("Input") and given.get("InputPath"):
        raise ValidationException.inputs(given["Id"])
    try:
        path(given.get("InputPath") or "$")
    except BadPattern as error:
        raise ValidationException.not_here(f"Target {given['Id']}: {error}") from None
    return RuleTarget(given["Id"], given["Arn"], given.get("Input"), given.get("InputPath"))


@operation("events", on=places.rule, keys=(places.creator,))
def remove_targets(
    call: Call,
    *,
    rule: str,
    ids: Sequence[str],
    event_bus_name: str | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Send the events of a rule to these no longer."""
    del force  # It is for rules that AWS's services own.
    found = places.find_rule(call, rule, event_bus_name)
    known = {each.id for each in found.targets}
    failed = [each for each in ids if each not in known]
    call.update(replace(found, targets=tuple(each for each in found.targets if each.id not in ids)))
    entries = [
        {"TargetId": each, "ErrorCode": "ResourceNotFoundException", "ErrorMessage": "No target"}
        for each in failed
    ]
    return {"FailedEntryCount": len(failed), "FailedEntries": entries}


@operation("events", on=places.rule, keys=(places.creator,), reads=True)
def list_targets_by_rule(
    call: Call,
    *,
    rule: str,
    event_bus_name: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The targets of a rule."""
    found = places.find_rule(call, rule, event_bus_name)
    listed = sorted(found.targets, key=lambda each: each.id)
    shown, rest = a_page(call, listed, lambda each: each.id, next_token, limit)
    return {
        "Targets": [
            {"Id": each.id, "Arn": each.arn, "Input": each.text, "InputPath": each.path}
            for each in shown
        ]
    } | rest
