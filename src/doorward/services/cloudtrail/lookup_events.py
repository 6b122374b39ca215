"""LookupEvents: the management events of the last 90 days, newest first."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from doorward.services.call import Call
from doorward.services.cloudtrail.errors import (
    InvalidEventCategory,
    InvalidLookupAttributes,
    InvalidMaxResults,
    InvalidNextToken,
    InvalidTimeRange,
)
from doorward.services.registry import anything, operation

KEPT = timedelta(days=90)
TOKEN_LIFE = timedelta(hours=1)
MOST_RESULTS = 50

Attribute = tuple[str, str]
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Query:
    attribute: Attribute | None
    start: datetime | None
    end: datetime | None

    @property
    def digest(self) -> str:
        """Tells whether a token is of this query."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


class _Token(msgspec.Struct, array_like=True):
    expires: datetime
    query: str
    before: Position


@operation("cloudtrail", on=anything, reads=True, waits=True)
def lookup_events(
    call: Call,
    *,
    lookup_attributes: Sequence[Mapping[str, str]] = (),
    start_time: datetime | None = None,
    end_time: datetime | None = None,
    event_category: str | None = None,
    max_results: int = MOST_RESULTS,
    next_token: str | None = None,
) -> dict[str, Any]:
    """Look events up by one attribute at most."""
    _refuse_odd(event_category, max_results)
    query = _Query(_attribute(lookup_attributes), start_time, end_time)
    start, end = _range(query, call.now)
    before = _opened(call, query, next_token) if next_token is not None else None
    if event_category is not None:
        # AWS: Insights events come from trails that have Insights on; there are none here.
        return {"Events": []}
    found = call.desk.find_records(
        call.account.id,
        start_ms=_ms(start),
        end_ms=_ms(end),
        attribute=query.attribute,
        limit=max_results + 1,
        before=before,
    )
    shown = found[:max_results]
    if len(found) == len(shown):
        return {"Events": [_entry(record) for _, record in shown]}
    sequence, last = shown[-1]
    return {
        "Events": [_entry(record) for _, record in shown],
        "NextToken": _sealed(call, query, (last.at, sequence)),
    }


def _refuse_odd(event_category: str | None, max_results: int) -> None:
    if event_category not in {None, "insight"}:
        raise InvalidEventCategory.unknown(str(event_category))
    if not 1 <= max_results <= MOST_RESULTS:
        raise InvalidMaxResults.outside(1, MOST_RESULTS)


def _attribute(attributes: Sequence[Mapping[str, str]]) -> Attribute | None:
    if not attributes:
        return None
    if len(attributes) > 1:
        raise InvalidLookupAttributes.several()
    name, value = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
    if name == "ReadOnly" and value not in {"true", "false"}:
        raise InvalidLookupAttributes.attribute(name, value)
    return name, value


def _range(query: _Query, now: datetime) -> tuple[datetime, datetime]:
    """The moments asked for, both included, no further back than events are kept."""
    end = query.end or now
    start = query.start or now - KEPT
    if start > now:
        raise InvalidTimeRange.ahead()
    if query.start and query.start > end:
        raise InvalidTimeRange.reversed()
    return max(start, now - KEPT), end


def _entry(record: Any) -> dict[str, Any]:
    return {
        "EventId": record.event_id,
        "EventName": record.event_name,
        "ReadOnly": "true" if record.read_only else "false",
        "AccessKeyId": record.access_key_id or None,
        "EventTime": datetime.fromtimestamp(record.at // 1000, UTC),
        "EventSource": record.event_source,
        "Username": record.username or None,
        "Resources": [
            {"ResourceType": kind, "ResourceName": name} for kind, name in record.resources
        ],
        "CloudTrailEvent": record.body.decode(),
    }


def _sealed(call: Call, query: _Query, before: Position) -> str:
    token = _Token(call.now + TOKEN_LIFE, query.digest, before)
    return call.desk.seal(_kind(call), msgspec.json.encode(token).decode())


def _opened(call: Call, query: _Query, next_token: str) -> Position:
    text = call.desk.unseal(_kind(call), next_token)
    if text is None:
        raise InvalidNextToken.not_valid()
    token = msgspec.json.decode(text, type=_Token)
    if token.query != query.digest or call.now >= token.expires:
        raise InvalidNextToken.not_valid()
    return token.before


def _kind(call: Call) -> str:
    return f"lookup-events/{call.account.id}"


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
