"""The picture a report of last accesses takes, and what its pages read out of it."""

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from doorward.account.accesses import Access, Accesses, ServiceAccess, minute_of
from doorward.analysis.granted_services import granted, services, tracked_actions
from doorward.services.call import Call
from doorward.services.iam.service_last_accessed_subject import Subject

T = TypeVar("T")
WINDOW_MINUTES = 400 * 24 * 60


class Last(NamedTuple):
    """The last access and whose it was, by ARN."""

    minute: int
    region: str
    entity: str


class Entry(NamedTuple):
    """One service of a report.

    Attributes:
        last: None: nobody within the tracking period.
        total: How many of the report's users and roles accessed it.
        actions: The tracked actions that are granted; None in a report without actions.
    """

    namespace: str
    last: Last | None = None
    total: int = 0
    actions: tuple[tuple[str, Last | None], ...] | None = None


class Picture(NamedTuple):
    """The packed members of an AccessJob."""

    services: bytes
    members: bytes
    accesses: dict[str, bytes]


class Member(NamedTuple):
    """A user or role of a report, with its accesses within the tracking period."""

    id: str
    arn: str
    accesses: Accesses


def picture(call: Call, subject: Subject, *, by_action: bool) -> Picture:
    """Take the picture: what is granted now, and who accessed it until now."""
    row = granted(each.policy for each in subject.policies)
    names = list(services(row))
    tracked = tracked_actions(row) if by_action else None
    members = _members(call, subject)
    accesses = _accesses(members, names)
    entries = [
        _entry(name, members, accesses.get(name, {}), tracked.get(name, ()) if tracked else None)
        for name in names
    ]
    ids = [member.id for member in members]
    held = {name: _packed(used) for name, used in accesses.items()}
    return Picture(_packed(entries), _packed(ids), held)


def entries_in(content: bytes) -> list[Entry]:
    """The services of a report, by namespace."""
    return _unpacked(content, list[Entry])


def members_in(content: bytes) -> list[str]:
    """The unique ids of the users and roles of a report."""
    return _unpacked(content, list[str])


def accesses_in(content: bytes) -> dict[str, int]:
    """Who accessed a service, by unique id, and in which minute."""
    return _unpacked(content, dict[str, int])


def _members(call: Call, subject: Subject) -> list[Member]:
    account, since = call.account, _since(call.now)
    found = [
        Member(one.ids[0], account.arn(one), _recent(call.accesses(one.ids[0]), since))
        for one in subject.members
    ]
    return sorted(found, key=lambda member: member.arn)


def _since(now: datetime) -> int:
    return minute_of(now) - WINDOW_MINUTES


def _recent(accesses: Accesses, since: int) -> Accesses:
    return {name: one for name, one in accesses.items() if one.minute >= since}


def _accesses(members: Iterable[Member], names: Iterable[str]) -> dict[str, dict[str, int]]:
    """By service, who accessed it."""
    wanted = frozenset(names)
    found: dict[str, dict[str, int]] = {}
    for member in members:
        for name, access in member.accesses.items():
            if name in wanted:
                found.setdefault(name, {})[member.id] = access.minute
    return found


def _entry(
    namespace: str,
    members: list[Member],
    used: Mapping[str, int],
    tracked: Iterable[str] | None,
) -> Entry:
    by = [member for member in members if member.id in used] if used else []
    actions = None
    if tracked is not None:
        calls = _last_calls(namespace, by)
        actions = tuple((name, calls.get(name)) for name in tracked)
    return Entry(namespace, _last(namespace, by), len(by), actions)


def _last(namespace: str, by: Iterable[Member]) -> Last | None:
    last: Last | None = None
    for member in by:
        last = _later(last, member.accesses[namespace], member.arn)
    return last


def _last_calls(namespace: str, by: Iterable[Member]) -> dict[str, Last]:
    """The last call of each action that was called."""
    found: dict[str, Last] = {}
    for member in by:
        for name, access in member.accesses[namespace].actions.items():
            found[name] = _later(found.get(name), access, member.arn)
    return found


def _later(last: Last | None, access: Access | ServiceAccess, arn: str) -> Last:
    """The later of both; in the same minute the one known stays, that of the first ARN."""
    if last is not None and access.minute <= last.minute:
        return last
    return Last(access.minute, access.region, arn)


def _packed(value: Any) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value))


def _unpacked(content: bytes, kind: type[T]) -> T:
    return msgspec.msgpack.decode(zlib.decompress(content), type=kind)
