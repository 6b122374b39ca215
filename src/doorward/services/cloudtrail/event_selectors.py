"""Event selectors: which events a trail delivers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.trails import (
    SELECTOR_FIELDS,
    AdvancedSelector,
    DataResource,
    EventSelector,
    FieldSelector,
)
from doorward.services.call import Call
from doorward.services.cloudtrail import targets
from doorward.services.cloudtrail.errors import InvalidEventSelectors
from doorward.services.cloudtrail.names import arn_of, find, find_at_home
from doorward.services.cloudtrail.shape import advanced_selectors, basic_selectors
from doorward.services.registry import operation

MOST, MOST_ADVANCED, MOST_DATA_RESOURCES = 5, 500, 250
EXCLUDABLE = frozenset({"kms.amazonaws.com", "rdsdata.amazonaws.com"})
CATEGORIES = frozenset({"Management", "Data", "NetworkActivity"})
DATA_FIELDS = frozenset({"resources.type", "resources.ARN", "errorCode", "vpcEndpointId"})

Members = Mapping[str, Any]


@operation("cloudtrail", on=targets.trail_named, reads=True)
def get_event_selectors(call: Call, *, trail_name: str) -> dict[str, Any]:
    """The selectors of a trail, of the kind it has."""
    trail = find(call, trail_name)
    shown: dict[str, Any] = {"TrailARN": arn_of(call.account.id, trail)}
    if trail.advanced:
        return shown | {"AdvancedEventSelectors": advanced_selectors(trail.advanced)}
    return shown | {"EventSelectors": basic_selectors(trail)}


@operation("cloudtrail", on=targets.trail_named)
def put_event_selectors(
    call: Call,
    *,
    trail_name: str,
    event_selectors: Sequence[Members] | None = None,
    advanced_event_selectors: Sequence[Members] | None = None,
) -> dict[str, Any]:
    """Replace the selectors of a trail, of whichever kind."""
    trail = find_at_home(call, trail_name)
    if event_selectors and advanced_event_selectors:
        raise InvalidEventSelectors.both()
    if advanced_event_selectors is not None and not event_selectors:
        fresh = replace(trail, selectors=(), advanced=_advanced(advanced_event_selectors))
    else:
        fresh = replace(trail, selectors=_basic(event_selectors or ()), advanced=())
    call.update(fresh)
    return get_event_selectors(call, trail_name=trail_name)


def _basic(given: Sequence[Members]) -> tuple[EventSelector, ...]:
    if not 1 <= len(given) <= MOST:
        raise InvalidEventSelectors.number(MOST)
    made = tuple(_basic_one(each) for each in given)
    values = sum(len(each.values) for one in made for each in one.data_resources)
    if values > MOST_DATA_RESOURCES:
        raise InvalidEventSelectors.value("DataResources", f"of {values} resources")
    return made


def _basic_one(given: Members) -> EventSelector:
    excluded = tuple(given.get("ExcludeManagementEventSources", ()))
    for source in excluded:
        if source not in EXCLUDABLE:
            raise InvalidEventSelectors.value("ExcludeManagementEventSources", source)
    return EventSelector(
        read_write=given.get("ReadWriteType", "All"),
        management=given.get("IncludeManagementEvents", True),
        data_resources=tuple(_data_resource(each) for each in given.get("DataResources", ())),
        excluded=excluded,
    )


def _data_resource(given: Members) -> DataResource:
    kind = given.get("Type", "")
    if not kind.startswith("AWS::"):
        raise InvalidEventSelectors.value("DataResources", kind)
    return DataResource(kind, tuple(given.get("Values", ())))


def _advanced(given: Sequence[Members]) -> tuple[AdvancedSelector, ...]:
    if not 1 <= len(given) <= MOST_ADVANCED:
        raise InvalidEventSelectors.advanced_number(MOST_ADVANCED)
    return tuple(_advanced_one(each) for each in given)


def _advanced_one(given: Members) -> AdvancedSelector:
    fields = tuple(_field(each) for each in given["FieldSelectors"])
    categories = [each.equals for each in fields if each.field == "eventCategory"]
    if len(categories) != 1 or len(categories[0]) != 1:
        raise InvalidEventSelectors.category()
    category = categories[0][0]
    if category not in CATEGORIES:
        raise InvalidEventSelectors.value("eventCategory", category)
    known = SELECTOR_FIELDS if category == "Management" else SELECTOR_FIELDS | DATA_FIELDS
    for each in fields:
        # AWS has one more field, of the console's sessions, which no event here can tell.
        if each.field not in known:
            raise InvalidEventSelectors.value("Field", each.field)
    return AdvancedSelector(given.get("Name", ""), fields)


def _field(given: Members) -> FieldSelector:
    made = FieldSelector(
        field=given["Field"],
        equals=tuple(given.get("Equals", ())),
        starts_with=tuple(given.get("StartsWith", ())),
        ends_with=tuple(given.get("EndsWith", ())),
        not_equals=tuple(given.get("NotEquals", ())),
        not_starts_with=tuple(given.get("NotStartsWith", ())),
        not_ends_with=tuple(given.get("NotEndsWith", ())),
    )
    if not any(made[1:]):
        raise InvalidEventSelectors.value("FieldSelectors", made.field)
    if made.field == "readOnly" and made[1:] not in {
        (("true",), (), (), (), (), ()),
        (("false",), (), (), (), (), ()),
    }:
        raise InvalidEventSelectors.value("FieldSelectors", "readOnly")
    return made
