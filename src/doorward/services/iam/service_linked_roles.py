"""Roles that belong to a service: made for it, deleted through a task, changed by nobody else."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from doorward.account.model import DeletionTask, Role
from doorward.catalog.service_linked_roles import ServiceLinkedRole, service_linked_role
from doorward.services.call import Call
from doorward.services.iam import shape_roles, trust
from doorward.services.iam.errors import InvalidInput, NoSuchEntity
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.role_targets import linked_service, new_linked_role, role_of_deletion
from doorward.services.iam.targets import role_named
from doorward.services.registry import operation

_DELETION_TIME = timedelta(seconds=1)
_TASK_ID = re.compile(
    r"task/aws-service-role/[^/]+/[^/]+/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


@operation("iam", on=new_linked_role, keys=(linked_service,))
def create_service_linked_role(
    call: Call,
    *,
    aws_service_name: str,
    description: str | None = None,
    custom_suffix: str | None = None,
) -> dict[str, Any]:
    """Create the role a service needs, with the policy AWS keeps for it."""
    known = service_linked_role(aws_service_name)
    if known is None:
        raise InvalidInput.service_without_role(aws_service_name)
    name = _name(known, custom_suffix)
    if call.account.role(name):
        raise InvalidInput.linked_role_taken(name)
    refuse_over_quota(call, "RolesQuota", call.account.count(Role))
    role = Role(
        name=name,
        path=f"/aws-service-role/{known.principal}/",
        role_id=call.new_id("AROA"),
        created=call.now,
        trust=trust.of_service(known.principal),
        description=description or None,
        attached=(known.policy_arn,) if known.policy_arn else (),
        service=known.principal,
    )
    call.update(role)
    return {"Role": shape_roles.created(call, role, role.trust)}


@operation("iam", on=role_named)
def delete_service_linked_role(call: Call, *, role_name: str) -> dict[str, Any]:
    """Delete a service-linked role and answer with the task that stands for it.

    The role goes at once; for a second the task says that it is still going.
    """
    role = call.account.role(role_name)
    if role is None:
        return {"DeletionTaskId": _running_task(call, role_name).id}
    if role.service is None:
        raise NoSuchEntity.linked_role(role.name)
    task = DeletionTask(
        id=f"task{role.path}{role.name}/{UUID(bytes=call.random(16), version=4)}",
        role=role.name,
        started=call.now,
    )
    call.account = call.account.drop(role).put(task)
    return {"DeletionTaskId": task.id}


@operation("iam", on=role_of_deletion, reads=True)
def get_service_linked_role_deletion_status(call: Call, *, deletion_task_id: str) -> dict[str, Any]:
    """Say how far the deletion of a service-linked role is."""
    if not _TASK_ID.fullmatch(deletion_task_id):
        raise InvalidInput.task_id()
    task = call.account.deletion_task(deletion_task_id)
    if task is None:
        raise NoSuchEntity.deletion_task()
    return {"Status": "IN_PROGRESS" if _is_running(call, task) else "SUCCEEDED"}


def _name(known: ServiceLinkedRole, suffix: str | None) -> str:
    if suffix is None:
        return known.role_name
    if not known.suffix_allowed:
        raise InvalidInput.custom_suffix(known.principal)
    return f"{known.role_name}_{suffix}"


def _running_task(call: Call, role_name: str) -> DeletionTask:
    for task in call.account.all(DeletionTask):
        if task.role.lower() == role_name.lower() and _is_running(call, task):
            return task
    raise NoSuchEntity.role(role_name)


def _is_running(call: Call, task: DeletionTask) -> bool:
    return call.now - task.started < _DELETION_TIME
