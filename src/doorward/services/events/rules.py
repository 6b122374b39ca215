"""Rules: put, listed, described, deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from doorward.account.event_rules import EventRule
from doorward.account.tags import Tag
from doorward.services.call import Call
from doorward.services.events import places
from doorward.services.events.errors import (
    InvalidEventPatternException,
    LimitExceededException,
    ResourceNotFoundException,
    ValidationException,
)
from doorward.services.events.pages import a_page
from doorward.services.registry import anything, operation
from doorward.services.request_tags import request_tags
from doorward.trail.event_pattern import BadEventPattern, event_pattern

MOST_RULES = 300


@operation("events", on=places.rule, keys=(request_tags, places.of_pattern, places.creator))
def put_rule(
    call: Call,
    *,
    name: str,
    schedule_expression: str | None = None,
    event_pattern: str | None = None,
    state: str = "ENABLED",
    description: str | None = None,
    role_arn: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
    event_bus_name: str | None = None,
) -> dict[str, Any]:
    """Put a rule on the records of the trail; one of that name keeps its targets and tags."""
    places.refuse_other_bus(call, event_bus_name)
    if schedule_expression:
        raise ValidationException.not_here("ScheduleExpression")
    if role_arn is not None:
        raise ValidationException.not_here("RoleArn")
    if not event_pattern:
        raise ValidationException.neither()
    _refuse_odd(event_pattern)
    found = call.account.at(("event-rule", f"{call.region}/{name}"))
    before = found if isinstance(found, EventRule) else None
    if before is None and call.account.count(EventRule) >= MOST_RULES:
        raise LimitExceededException.reached()
    call.update(
        EventRule(
            region=call.region,
            name=name,
            created=before.created if before else call.now,
            pattern=event_pattern,
            state=state,
            description=description,
            targets=before.targets if before else (),
            tags=before.tags if before else tuple(Tag(tag["Key"], tag["Value"]) for tag in tags),
        )
    )
    return {"RuleArn": places.rule_arn(call, name)}


def _refuse_odd(text: str) -> None:
    try:
        event_pattern(text)
    except BadEventPattern as error:
        raise InvalidEventPatternException.because(str(error)) from None


@operation("events", on=anything, reads=True)
def list_rules(
    call: Call,
    *,
    name_prefix: str | None = None,
    event_bus_name: str | None = None,
    next_token: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The rules of the region."""
    places.refuse_other_bus(call, event_bus_name)
    found = [
        each
        for each in call.account.all(EventRule)
        if each.region == call.region and each.name.startswith(name_prefix or "")
    ]
    shown, rest = a_page(call, found, lambda each: each.key, next_token, limit)
    return {"Rules": [_shown(call, each) for each in shown]} | rest


@operation("events", on=places.rule, keys=(places.creator,), reads=True)
def describe_rule(call: Call, *, name: str, event_bus_name: str | None = None) -> dict[str, Any]:
    """One rule."""
    found = places.find_rule(call, name, event_bus_name)
    return _shown(call, found) | {"CreatedBy": call.account.id}


def _shown(call: Call, each: EventRule) -> dict[str, Any]:
    return {
        "Name": each.name,
        "Arn": places.rule_arn(call, each.name),
        "EventPattern": each.pattern,
        "State": each.state,
        "Description": each.description,
        "EventBusName": places.BUS,
    }


@operation("events", on=places.rule, keys=(places.creator,))
def delete_rule(
    call: Call, *, name: str, event_bus_name: str | None = None, force: bool = False
) -> None:
    """Delete a rule that has no targets; one that is not there is gone already."""
    del force  # It is for rules that AWS's services own.
    places.refuse_other_bus(call, event_bus_name)
    found = call.account.at(("event-rule", f"{call.region}/{name}"))
    if not isinstance(found, EventRule):
        return
    if found.targets:
        raise ValidationException.has_targets()
    call.remove([found])


@operation("events", on=places.tagged, reads=True)
def list_tags_for_resource(call: Call, *, resource_arn: str) -> dict[str, Any]:
    """The tags of a rule."""
    name = resource_arn.rpartition("/")[2]
    found = call.account.at(("event-rule", f"{call.region}/{name}"))
    if not isinstance(found, EventRule) or places.rule_arn(call, name) != resource_arn:
        raise ResourceNotFoundException.resource(resource_arn)
    return {"Tags": [{"Key": tag.key, "Value": tag.value} for tag in found.tags]}
