"""Built-in alarms: which records set them off, and the mail that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from doorward.account.account import Account
from doorward.app.alarms.watch import Notices, Seen
from doorward.trail.alarms_built_in import BUILT_IN, ROOT_ACTIVITY, BuiltIn
from doorward.trail.filter_pattern import LogLine, filter_pattern

QUIET_MS = 60_000
MINUTE_MS = 60_000
LONGEST_WORD = 200
_TITLES = {each.name: each.title for each in BUILT_IN}


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to an account's root."""

    id: str
    to: str
    subject: str
    text: str


def note(
    notices: Notices, on: Iterable[BuiltIn], account: Account, line: LogLine, at_ms: int
) -> bool:
    """Take one record in; whether any alarm took notice of it."""
    noticed = False
    for alarm in on:
        if not filter_pattern(alarm.pattern).matches(line):
            continue
        if alarm.with_device and not _has_device(account, line.value):
            continue
        noticed = True
        if alarm.times > 1 and not _is_enough(notices, alarm, at_ms):
            continue
        seen = notices.seen.setdefault(alarm.name, Seen())
        seen.number += 1
        seen.last = _words(line.value)
        notices.last_event = str(line.value.get("eventID", ""))
    return noticed


def _is_enough(notices: Notices, alarm: BuiltIn, at_ms: int) -> bool:
    """Whether as many came as the alarm takes; then it begins to count anew."""
    since = at_ms - alarm.within_min * MINUTE_MS
    times = [each for each in notices.recent.get(alarm.name, []) if each > since]
    enough = len(times) + 1 >= alarm.times
    notices.recent[alarm.name] = [] if enough else [*times, at_ms]
    return enough


def _has_device(account: Account, record: Mapping[str, Any]) -> bool:
    identity = record.get("userIdentity") or {}
    if identity.get("type") == "Root":
        return bool(account.mfa_devices_of(account.id))
    user = account.user(str(identity.get("userName", "")))
    return user is not None and bool(account.mfa_devices_of(user.user_id))


def due(notices: Notices, account: Account, now_ms: int) -> Notice | None:
    """The mail to send now: at most one a minute, with how often what happened."""
    if not notices.seen or now_ms - notices.sent_ms < QUIET_MS:
        return None
    seen, notices.seen = notices.seen, {}
    notices.sent_ms = now_ms
    number = sum(each.number for each in seen.values())
    what = "root user activity" if ROOT_ACTIVITY in seen else _TITLES[next(iter(seen))]
    times = "" if number == 1 else f" ({number} times)"
    return Notice(
        id=f"notice/{account.id}/{notices.last_event}",
        to=account.profile.email,
        subject=f"Doorward: {what} in account {account.id}{times}",
        text=_text(account, seen),
    )


def _text(account: Account, seen: Mapping[str, Seen]) -> str:
    parts = [f"Account {account.id}\n"]
    for name, each in seen.items():
        parts.append(f"{_TITLES[name]}: {each.number} since the last mail. The last one:")
        parts.append(f"{each.last}\n")
    parts.append(
        "If that was not you: doorward recover --root gives root a new password,\n"
        "doorward offboard ends what a user has.\n"
        "Which mails are sent is said by: doorward alarm list"
    )
    return "\n".join(parts) + "\n"


def _words(record: Mapping[str, Any]) -> str:
    identity = record.get("userIdentity") or {}
    rows = {
        "event": record.get("eventName"),
        "of": record.get("eventSource"),
        "time": record.get("eventTime"),
        "by": identity.get("arn") or identity.get("userName"),
        "from": record.get("sourceIPAddress"),
        "with": record.get("userAgent"),
        "refused": record.get("errorCode"),
        "event ID": record.get("eventID"),
    }
    return "\n".join(
        f"  {name:9}{str(value)[:LONGEST_WORD]}" for name, value in rows.items() if value
    )
