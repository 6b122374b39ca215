"""Reports of when users and roles last accessed the services they are granted.

Source: recorded answers, last_access.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from doorward.account.access_job import AccessJob
from doorward.account.accesses import moment_of
from doorward.account.model import Role, User
from doorward.catalog.last_accessed import service_name
from doorward.services.call import Call
from doorward.services.iam.errors import InvalidInput, NoSuchEntity
from doorward.services.iam.service_last_accessed_picture import (
    Entry,
    Last,
    Picture,
    accesses_in,
    entries_in,
    members_in,
    picture,
)
from doorward.services.iam.service_last_accessed_subject import entity_of_arn, subject
from doorward.services.paging import BadMarker
from doorward.services.registry import anything, operation

MOST_JOBS = 10_000
MOST_BYTES = 64 * 2**20
CHECKED_EVERY = 64
"""An account keeps at most so many jobs, and bytes of them; so often that is looked at."""
SERVICES_SHOWN = 200
ENTITIES_SHOWN = 100
_BY_ACTION = "ACTION_LEVEL"
_BY_SERVICE = "SERVICE_LEVEL"


def prepare(call: Call, *, arn: str, granularity: str = _BY_SERVICE) -> Picture:
    """Take the picture of this moment; the account may be large."""
    return picture(call, subject(call, arn), by_action=granularity == _BY_ACTION)


@operation("iam", on=entity_of_arn, prepare=prepare)
def generate_service_last_accessed_details(
    call: Call,
    *,
    arn: str,  # noqa: ARG001 - in `call.prepared`
    granularity: str = _BY_SERVICE,
) -> dict[str, Any]:
    """Make a report on a user, group, role or policy; it can be fetched at once."""
    job = AccessJob(
        id=str(UUID(bytes=call.random(16), version=4)),
        owner=_owner(call),
        created=call.now.replace(microsecond=call.now.microsecond // 1000 * 1000),
        by_action=granularity == _BY_ACTION,
        **call.prepared._asdict(),
    )
    _make_room(call)
    call.update(job)
    return {"JobId": job.id}


@operation("iam", on=anything, reads=True, waits=True)
def get_service_last_accessed_details(
    call: Call, *, job_id: str, max_items: int | None = None, marker: str | None = None
) -> dict[str, Any]:
    """Return the services of a report by namespace, used or not."""
    job = _job(call, job_id)
    entries = entries_in(job.services)
    shown, rest = _page(call, job, entries, marker, max_items or SERVICES_SHOWN)
    return _head(job) | {
        "JobType": _BY_ACTION if job.by_action else _BY_SERVICE,
        "ServicesLastAccessed": [_service(entry) for entry in shown],
        **rest,
    }


@operation("iam", on=anything, reads=True, waits=True)
def get_service_last_accessed_details_with_entities(
    call: Call,
    *,
    job_id: str,
    service_namespace: str,
    max_items: int | None = None,
    marker: str | None = None,
) -> dict[str, Any]:
    """Return the users and roles of a report, those who accessed a service last come first."""
    job = _job(call, job_id)
    if service_name(service_namespace) is None:
        raise InvalidInput.service(service_namespace)
    granted = {entry.namespace for entry in entries_in(job.services)}
    members = _members(job, service_namespace) if service_namespace in granted else []
    shown, rest = _page(call, job, members, marker, max_items or ENTITIES_SHOWN)
    # AWS: names and paths are those of now, and who was deleted since is left out.
    entities = [(call.account.by_id(member_id), minute) for member_id, minute in shown]
    details = [_entity(call, of, at) for of, at in entities if isinstance(of, User | Role)]
    return _head(job) | {"EntityDetailsList": details, **rest}


def _owner(call: Call) -> str:
    """AWS: another key of the same user is the same owner, another session of it is not."""
    caller = call.caller
    return caller.session.access_key_id if caller.session else caller.entity_id


def _job(call: Call, job_id: str) -> AccessJob:
    job = call.account.access_job(job_id)
    if job is None or job.owner != _owner(call):
        raise NoSuchEntity.access_job(job_id)
    return job


def _make_room(call: Call) -> None:
    """Let the oldest jobs go beyond the most that are kept."""
    # SPEED: looked at now and then, because it puts all of them in order.
    if call.account.count(AccessJob) % CHECKED_EVERY:
        return
    kept_bytes = 0
    newest_first = sorted(call.account.all(AccessJob), key=_age, reverse=True)
    for place, job in enumerate(newest_first, start=1):
        kept_bytes += _size(job)
        if place > MOST_JOBS or kept_bytes > MOST_BYTES:
            call.account = call.account.drop(job)


def _age(job: AccessJob) -> datetime:
    return job.created


def _size(job: AccessJob) -> int:
    return len(job.services) + len(job.members) + sum(map(len, job.accesses.values()))


def _head(job: AccessJob) -> dict[str, Any]:
    return {
        "JobStatus": "COMPLETED",
        "JobCreationDate": job.created,
        "JobCompletionDate": job.created,
    }


def _page(
    call: Call, job: AccessJob, items: Sequence[Any], marker: str | None, most: int
) -> tuple[Sequence[Any], dict[str, Any]]:
    """A page of what does not change any more; a marker goes on with another page size."""
    start = _opened(call, job, marker) if marker else 0
    end = start + most
    if end >= len(items):
        return items[start:], {"IsTruncated": False}
    text = f"{_place(call, job)} {end}"
    return items[start:end], {"IsTruncated": True, "Marker": call.desk.seal(_kind(call), text)}


def _opened(call: Call, job: AccessJob, marker: str) -> int:
    text = call.desk.unseal(_kind(call), marker)
    if text is None:
        raise BadMarker("Invalid Marker.")
    place, _, start = text.rpartition(" ")
    if place != _place(call, job):
        raise InvalidInput.marker_of_other_job()
    return int(start)


def _place(call: Call, job: AccessJob) -> str:
    return f"{call.operation} {job.id}"


def _kind(call: Call) -> str:
    return f"marker/last-accessed/{call.account.id}"


def _service(entry: Entry) -> dict[str, Any]:
    last = _members_of(entry.last, _SERVICE_MEMBERS)
    return {
        "ServiceName": service_name(entry.namespace),
        "ServiceNamespace": entry.namespace,
        **last,
        "TotalAuthenticatedEntities": entry.total,
        # AWS: the member is left out where no granted action is tracked.
        "TrackedActionsLastAccessed": [
            {"ActionName": name} | _members_of(used, _ACTION_MEMBERS)
            for name, used in entry.actions or ()
        ]
        or None,
    }


_SERVICE_MEMBERS: Mapping[str, Callable[[Last], Any]] = {
    "LastAuthenticated": lambda last: moment_of(last.minute),
    "LastAuthenticatedEntity": lambda last: last.entity,
    "LastAuthenticatedRegion": lambda last: last.region,
}
_ACTION_MEMBERS: Mapping[str, Callable[[Last], Any]] = {
    "LastAccessedEntity": lambda last: last.entity,
    "LastAccessedTime": lambda last: moment_of(last.minute),
    "LastAccessedRegion": lambda last: last.region,
}


def _members_of(last: Last | None, members: Mapping[str, Callable[[Last], Any]]) -> dict[str, Any]:
    return {name: value(last) for name, value in members.items()} if last else {}


def _members(job: AccessJob, namespace: str) -> list[tuple[str, int]]:
    """Unique ids with their minute, 0 for never: the latest first, then by ARN."""
    used = accesses_in(job.accesses[namespace]) if namespace in job.accesses else {}
    members = [(member_id, used.get(member_id, 0)) for member_id in members_in(job.members)]
    return sorted(members, key=lambda member: -member[1])


def _entity(call: Call, of: User | Role, minute: int) -> dict[str, Any]:
    info = {
        "Arn": call.account.arn(of),
        "Name": of.name,
        "Type": of.noun.upper(),
        "Id": of.ids[0],
        "Path": of.path,
    }
    used = {"LastAuthenticated": moment_of(minute)} if minute else {}
    return {"EntityInfo": info} | used
