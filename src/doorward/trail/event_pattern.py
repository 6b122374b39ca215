"""Event patterns of EventBridge: which events a rule takes.

A pattern has the shape of the event; each leaf is a list of what the field may be, as it stands or
as a comparison such as {"prefix": ...}. Source: EventBridge guide, "Comparison operators for use in
event patterns".
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any

from doorward.policy.match import ANY, glob, joined

DEEPEST = 20
MOST_VALUES = 300
ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
}
ABSENT = object()

Test = Callable[[Any], bool]


class BadEventPattern(ValueError):  # noqa: N818 - what it is, in three words
    """A pattern that is not of the language; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class EventPattern:
    """A pattern that was understood."""

    matches: Callable[[Mapping[str, Any]], bool]


@lru_cache(1024)
def event_pattern(text: str) -> EventPattern:
    """Read a pattern.

    Raises:
        BadEventPattern: it is not of the language.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadEventPattern("Event pattern is not valid. Reason: it is not JSON") from None
    if not isinstance(found, dict) or not found:
        raise BadEventPattern("Event pattern is not valid. Reason: it is not an object with fields")
    return EventPattern(_object(found, 0))


def _refused(why: str) -> BadEventPattern:
    return BadEventPattern(f"Event pattern is not valid. Reason: {why}")


def _object(pattern: Mapping[str, Any], depth: int) -> Test:
    if depth > DEEPEST:
        raise _refused("it is nested too deeply")
    if not pattern:
        raise _refused("an object in it is empty")
    tests = [_field(name, value, depth) for name, value in pattern.items()]
    return lambda event: all(test(event) for test in tests)


def _field(name: str, value: Any, depth: int) -> Test:
    if name == "$or" and isinstance(value, list):
        if not value or not all(isinstance(each, dict) for each in value):
            raise _refused('"$or" is a list of objects')
        choices = [_object(each, depth + 1) for each in value]
        return lambda event: any(test(event) for test in choices)
    if isinstance(value, dict):
        inner = _object(value, depth + 1)
        return lambda event: any(inner(part) for part in _parts(event, name))
    if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
        raise _refused(f'"{name}" must be an object or an array')
    tests = [_value(each) for each in value]
    return lambda event: any(test(part) for part in _leaves(event, name) for test in tests)


def _parts(event: Any, name: str) -> list[Any]:
    """What stands under a name, to be looked into; what is not there is looked into as nothing."""
    part = event.get(name, ABSENT) if isinstance(event, Mapping) else ABSENT
    return part if isinstance(part, list) else [part]


def _leaves(event: Any, name: str) -> list[Any]:
    part = event.get(name, ABSENT) if isinstance(event, Mapping) else ABSENT
    return (part or [ABSENT]) if isinstance(part, list) else [part]


def _value(wanted: Any) -> Test:
    if isinstance(wanted, dict):
        return _comparison(wanted)
    if isinstance(wanted, list):
        raise _refused("a list stands inside a list")
    return lambda value: _same(value, wanted)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)


def _comparison(wanted: Mapping[str, Any]) -> Test:
    if len(wanted) != 1:
        raise _refused("a comparison has one name")
    name, given = next(iter(wanted.items()))
    make = _COMPARISONS.get(name)
    if make is None:
        raise _refused(f"unrecognized match type {name}")
    return make(given)


def _texts(test: Callable[[str], bool]) -> Test:
    return lambda value: isinstance(value, str) and test(value)


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise _refused(f"{name} takes a text")
    return given


def _folded(given: Any, name: str) -> tuple[str, bool]:
    """A text, and whether its case counts."""
    if isinstance(given, dict) and set(given) == {"equals-ignore-case"}:
        return _text(given["equals-ignore-case"], name).casefold(), False
    return _text(given, name), True


def _prefix(given: Any) -> Test:
    start, exact = _folded(given, "prefix")
    return _texts(lambda value: (value if exact else value.casefold()).startswith(start))


def _suffix(given: Any) -> Test:
    end, exact = _folded(given, "suffix")
    return _texts(lambda value: (value if exact else value.casefold()).endswith(end))


def _ignoring_case(given: Any) -> Test:
    text = _text(given, "equals-ignore-case").casefold()
    return _texts(lambda value: value.casefold() == text)


def _wildcard(given: Any) -> Test:
    pieces = _text(given, "wildcard").replace("\\*", "\0").split("*")
    tokens: list[Any] = [pieces[0].replace("\0", "*")]
    for piece in pieces[1:]:
        tokens += [ANY, piece.replace("\0", "*")]
    return _texts(glob(joined(tokens)))


def _anything_but(given: Any) -> Test:
    if isinstance(given, dict):
        unwanted = [_comparison(given)] if not _many(given) else _each(given)
    else:
        listed = given if isinstance(given, list) else [given]
        if not listed or any(isinstance(each, dict | list) for each in listed):
            raise _refused("anything-but takes values")
        unwanted = [_value(each) for each in listed]
    return lambda value: value is not ABSENT and not any(test(value) for test in unwanted)


def _many(given: Mapping[str, Any]) -> bool:
    return any(isinstance(each, list) for each in given.values())


def _each(given: Mapping[str, Any]) -> list[Test]:
    name, listed = next(iter(given.items()))
    return [_comparison({name: each}) for each in listed]


def _exists(given: Any) -> Test:
    if not isinstance(given, bool):
        raise _refused("exists takes true or false")
    return lambda value: (value is not ABSENT) is given


def _numeric(given: Any) -> Test:
    if not isinstance(given, list) or len(given) not in {2, 4}:
        raise _refused("numeric takes operators and numbers")
    pairs = list(zip(given[::2], given[1::2], strict=True))
    for order, number in pairs:
        if order not in ORDERS or isinstance(number, bool) or not isinstance(number, int | float):
            raise _refused("numeric takes operators and numbers")
    return lambda value: (
        _is_number(value) and all(ORDERS[order](value, number) for order, number in pairs)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cidr(given: Any) -> Test:
    try:
        network = ip_network(_text(given, "cidr"), strict=False)
    except ValueError:
        raise _refused("cidr takes an address range") from None

    def inside(value: str) -> bool:
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return _texts(inside)


_COMPARISONS: Mapping[str, Callable[[Any], Test]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignoring_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "exists": _exists,
    "numeric": _numeric,
    "cidr": _cidr,
}


def event_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the trail as the event AWS makes of it."""
    kind = record.get("eventType")
    signin = {"AwsConsoleSignIn": "AWS Console Sign In", "AwsServiceEvent": "AWS Service Event"}
    return {
        "version": "0",
        "id": record.get("eventID"),
        "detail-type": f"{signin.get(str(kind), 'AWS API Call')} via CloudTrail",
        "source": f"aws.{str(record.get('eventSource', '')).partition('.')[0]}",
        "account": record.get("recipientAccountId"),
        "time": record.get("eventTime"),
        "region": record.get("awsRegion"),
        "resources": [],
        "detail": record,
    }


def is_delivered(record: Mapping[str, Any], *, reads_too: bool) -> bool:
    """Whether a rule gets an event of the record; those of reads only where it asks for them."""
    # AWS: events of calls that begin with these words are not delivered, but for two of STS.
    name = str(record.get("eventName", ""))
    if reads_too or name in {"GetFederationToken", "GetSessionToken"}:
        return True
    return not name.startswith(("List", "Get", "Describe"))
