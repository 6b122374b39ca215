"""The user, group or role whose policies are simulated, and which of them are left out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from doorward.account.model import Group, Role, User
from doorward.authz.gather import managed_text, principal_in
from doorward.policy import Arn, Attached, Policies, Policy
from doorward.policy.arn import without_path
from doorward.policy.match import glob, joined, wildcards
from doorward.services.call import Call
from doorward.services.iam.errors import InvalidInput, InvalidSimulation, NoSuchEntity
from doorward.services.registry import Params, Target

Holder = User | Group | Role
Excludes = Callable[[Attached], bool]

_ENTITY = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:(?:user|group|role)/\S+")
_MISSING = {"user": NoSuchEntity.user, "group": NoSuchEntity.group, "role": NoSuchEntity.role}
_POLICY = re.compile(r"arn:[a-z-]+:iam::(?:aws|[0-9]{12}):policy(?:/[^*?\s]*)?/[^/\s]+")


def policy_source(call: Call, params: Params) -> Target:
    """The user, group or role of `PolicySourceArn`, by its stored ARN."""
    arn = params["policy_source_arn"]
    found = _found(call, arn)
    if found is None:
        return Target(arn)
    return Target(call.account.arn(found), tags=() if isinstance(found, Group) else found.tags)


def source_of(call: Call, arn: str) -> Holder:
    """The user, group or role that is found by the name in this ARN.

    Raises:
        InvalidSimulation: the ARN is not that of a user, group or role.
        NoSuchEntity: there is none of that name in the account.
    """
    parts = entity_arn(arn)
    found = _found(call, arn)
    if found is None:
        raise _MISSING[parts.resource_type](parts.name)
    return found


def entity_arn(arn: str) -> Arn:
    """The ARN of a user, group or role, taken apart.

    Raises:
        InvalidSimulation: it is something else, such as a session.
    """
    parts = Arn.parse(arn) if _ENTITY.fullmatch(arn) else None
    if parts is None or not parts.name:
        raise InvalidSimulation.entity(arn)
    return parts


def _found(call: Call, arn: str) -> Holder | None:
    """By name: a wrong path finds the entity as well. Source: recorded answers, simulation."""
    parts = Arn.parse(arn) if _ENTITY.fullmatch(arn) else None
    if parts is None or parts.account != call.account.id:
        return None
    account = call.account
    if parts.resource_type == "user":
        return account.user(parts.name)
    return account.role(parts.name) if parts.resource_type == "role" else account.group(parts.name)


def policies_of_source(
    call: Call, arn: str, exclusions: Sequence[Mapping[str, Any]] = ()
) -> Policies:
    """The stored policies of a user with its groups, of a group, or of a role.

    Raises:
        InvalidInput: the ARN, or an exclusion, is not one.
        NoSuchEntity: there is no such entity.
    """
    excludes = [_exclusion(one) for one in exclusions]
    stored = _stored(call, source_of(call, arn))
    if any(one.get("PolicyType") == "permission-boundary" for one in exclusions):
        stored = Policies(identity=stored.identity)
    if not excludes:
        return stored
    return Policies(
        identity=tuple(one for one in stored.identity if not any(each(one) for each in excludes)),
        boundary=stored.boundary,
    )


def _stored(call: Call, holder: Holder) -> Policies:
    arn = call.account.arn(holder)
    found = principal_in(call.account, arn)
    if found:
        return found[1]
    return Policies(identity=tuple(_of_group(call, holder, arn)))


def _of_group(call: Call, group: Holder, where: str) -> Iterable[Attached]:
    """A group's own policies; as no group ever calls, they are gathered nowhere else."""
    for name, text in group.inline:
        yield Attached(Policy.parse_or_deny(text), name, None, where)
    for arn in group.attached:
        text = managed_text(call.account, arn) or ""
        yield Attached(Policy.parse_or_deny(text), arn.rpartition("/")[2], arn, where)


def _exclusion(one: Mapping[str, Any]) -> Excludes:
    """The test of a PolicyIdentifier on policies that are attached; boundaries have a type.

    Source: recorded answers, simulation.
    """
    if "PolicyArn" in one:
        return _of_arn(one["PolicyArn"])
    if "InlinePolicyIdentifier" in one:
        return _inline(one["InlinePolicyIdentifier"])
    return _TYPES.get(one.get("PolicyType", ""), _no_policy)


def _no_policy(_: Attached) -> bool:
    return False


def _is_aws_managed(attached: Attached) -> bool:
    return attached.arn is not None and ":iam::aws:" in attached.arn


_TYPES: Mapping[str, Excludes] = {
    "inline": lambda attached: attached.arn is None,
    "aws-managed": _is_aws_managed,
    "user-managed": lambda attached: attached.arn is not None and not _is_aws_managed(attached),
}


def _of_arn(arn: str) -> Excludes:
    # AWS: a policy is excluded by its ARN without the path only; its true ARN excludes nothing.
    head, _, name = arn.rpartition("/")
    if not _POLICY.fullmatch(arn) or name.count("*") > 1:
        raise InvalidInput.arn(arn)
    matches = glob(joined(wildcards(name)))

    def excludes(attached: Attached) -> bool:
        own, _, own_name = without_path(attached.arn or "").rpartition("/")
        return own == head and matches(own_name)

    return excludes


def _inline(identifier: Mapping[str, str]) -> Excludes:
    policy, holder = identifier["PolicyName"], identifier["AttachmentName"]
    if "*" in policy or "?" in policy or holder.count("*") > 1:
        raise InvalidSimulation.inline_exclusion()
    matches = glob(joined(wildcards(holder)))

    def excludes(attached: Attached) -> bool:
        if attached.arn is not None or attached.name != policy:
            return False
        where = Arn.parse(attached.attached_to or "")
        kind = where.resource_type if where else ""
        return where is not None and kind == identifier["AttachmentType"] and matches(where.name)

    return excludes
