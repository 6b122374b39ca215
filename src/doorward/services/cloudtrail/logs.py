"""The log group a trail also writes to: its ARN and the role it is written with."""

import re

from doorward.account.trails import Trail
from doorward.services.call import Call
from doorward.services.cloudtrail.errors import InvalidLogGroup, InvalidLogRole

LOG_GROUP = re.compile(r"arn:aws:logs:([a-z0-9-]+):([0-9]{12}):log-group:[^:*]{1,512}:\*")


def log_target(
    call: Call, group: str | None, role: str | None, before: Trail | None = None
) -> tuple[str | None, str | None]:
    """The log group and the role a trail has after a call; both, or neither.

    Args:
        call: In the region of the trail.
        group: As given; empty takes it away.
        role: As given; empty takes it away.
        before: The trail that is changed; what is not given stays.

    Raises:
        InvalidLogGroup: of another account or region, or it is missing beside a role.
        InvalidLogRole: no role of this account, or it is missing beside a group.
    """
    if before and group is None:
        group = before.log_group
    if before and role is None:
        role = before.log_role
    if not group and not role:
        return None, None
    found = LOG_GROUP.fullmatch(group or "")
    if not group or not found or found.groups() != (call.region, call.account.id):
        raise InvalidLogGroup.of(group or "")
    known = call.account.role((role or "").rpartition("/")[2])
    if known is None or call.account.arn(known) != role:
        raise InvalidLogRole.of(role or "")
    return group, role
