"""Which actions and services policies grant, as AWS's reports of last accesses see it.

Conditions are not looked at: a grant under a condition counts, a Deny under one does not. Neither
do boundaries. Source: recorded reports, last_access.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from doorward.analysis import action_rows
from doorward.analysis.action_rows import Row
from doorward.analysis.validate.patterns import covers, of, overlap
from doorward.analysis.what_can_rows import acting_on_any
from doorward.catalog.actions import actions_of, service_prefixes
from doorward.catalog.last_accessed import is_tracked
from doorward.policy import Policy, Statement

_EVERY = "*"


def granted(policies: Iterable[Policy]) -> Row:
    """The actions allowed on something that no Deny without a condition takes away."""
    statements = [one for policy in policies for one in policy.statements]
    denies = [one for one in statements if one.is_deny and not one.conditions]
    row = 0
    for allow in statements:
        if allow.is_deny:
            continue
        allowed = action_rows.of_statement(allow)
        for resource in _resources(allow):
            taken = 0
            for deny in denies:
                if _takes(deny, resource):
                    taken |= action_rows.of_statement(deny)
            row |= allowed & acting_on_any((resource,)) & ~taken
    return row


def services(row: Row) -> Iterator[str]:
    """The services of these actions, sorted."""
    return (prefix for prefix in service_prefixes() if row & _of_service(prefix))


def tracked_actions(row: Row) -> dict[str, list[str]]:
    """Those of the actions whose last call is reported, by service, without its prefix."""
    found: dict[str, list[str]] = {}
    for action in action_rows.members(row & _tracked()):
        prefix, _, name = action.partition(":")
        found.setdefault(prefix, []).append(name)
    return found


def grants_service(policy: Policy, prefix: str) -> bool:
    """Whether one document, looked at alone, grants something of a service.

    AWS: only a Deny of the whole service on everything takes it away again, and names of actions
    that do not exist count.
    """
    if any(_denies_all_of(one, prefix) for one in policy.statements):
        return False
    return any(not one.is_deny and _allows_some_of(one, prefix) for one in policy.statements)


def _resources(allow: Statement) -> tuple[str, ...]:
    """The patterns it grants on; all resources but some count as all."""
    if allow.resources is not None:
        return allow.resources
    return () if _EVERY in (allow.not_resources or ()) else (_EVERY,)


def _takes(deny: Statement, resource: str) -> bool:
    """Whether a Deny is about every resource of the pattern."""
    if deny.resources is not None:
        return any(covers(one, resource) for one in deny.resources)
    return not any(overlap(of(one), of(resource)) for one in deny.not_resources or ())


def _denies_all_of(statement: Statement, prefix: str) -> bool:
    if not statement.is_deny or statement.conditions or _EVERY not in (statement.resources or ()):
        return False
    return bool(_whole(prefix) & {one.lower() for one in statement.actions or ()})


def _allows_some_of(statement: Statement, prefix: str) -> bool:
    resources = _resources(statement)
    known = action_rows.of_statement(statement) & _of_service(prefix)
    if any(known & acting_on_any((one,)) for one in resources):
        return True
    is_of_service = any(one.lower().startswith(f"{prefix}:") for one in statement.actions or ())
    return is_of_service and not known and _EVERY in resources


def _whole(prefix: str) -> set[str]:
    return {_EVERY, f"{prefix}:{_EVERY}"}


@cache
def _of_service(prefix: str) -> Row:
    return action_rows.of_names(iter(actions_of(prefix)))


@cache
def _tracked() -> Row:
    return action_rows.of_names(name for name in action_rows.names() if is_tracked(name))
