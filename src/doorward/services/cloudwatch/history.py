"""What happened to alarms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from doorward.account.alarms import AlarmHistory, HistoryItem
from doorward.services.call import Call
from doorward.services.cloudwatch import targets
from doorward.services.cloudwatch.errors import InvalidNextToken
from doorward.services.paging import BadMarker, page
from doorward.services.registry import operation


@operation("cloudwatch", on=targets.alarm_or_any, reads=True)
def describe_alarm_history(
    call: Call,
    *,
    alarm_name: str | None = None,
    alarm_contributor_id: str | None = None,
    alarm_types: Sequence[str] = (),
    history_item_type: str | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    max_records: int | None = None,
    next_token: str | None = None,
    scan_by: str = "TimestampDescending",
) -> dict[str, Any]:
    """The last changes of an alarm, or of all alarms of the region; of deleted ones too."""
    wanted = alarm_contributor_id is None and (not alarm_types or "MetricAlarm" in alarm_types)
    found = [
        (history.name, item)
        for history in call.account.all(AlarmHistory)
        if wanted and history.region == call.region and alarm_name in {None, history.name}
        for item in history.items
        if history_item_type in {None, item.kind} and _is_within(item.at, start_date, end_date)
    ]
    found.sort(key=lambda each: each[1].at, reverse=scan_by == "TimestampDescending")
    numbered = [(f"{index:06}", *each) for index, each in enumerate(found)]
    try:
        shown, rest = page(
            call, numbered, lambda each: each[0], marker=next_token, max_items=max_records
        )
    except BadMarker as error:
        raise InvalidNextToken.given() from error
    items = [_shown(name, item) for _, name, item in shown]
    return {"AlarmHistoryItems": items, "NextToken": rest.get("Marker")}


def _is_within(at: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or start <= at) and (end is None or at <= end)


def _shown(name: str, item: HistoryItem) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmType": "MetricAlarm",
        "Timestamp": item.at,
        "HistoryItemType": item.kind,
        "HistorySummary": item.summary,
        "HistoryData": item.data,
    }
