"""Sets of the catalogue's actions, each one integer with a bit for every action.

Python's integers are as fast here as numpy's rows: an `and` of two sets takes a third of a
microsecond.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import compress

from doorward.catalog.actions import action, actions_of, service_prefixes
from doorward.catalog.resource_types import resource_types
from doorward.policy import Statement
from doorward.policy.actions import action_test

Row = int
_ANY = "*"
"""Stands for the service in the ARN of a resource that any service may own."""


@cache
def names() -> tuple[str, ...]:
    """Every action in AWS's spelling, in the order of the bits."""
    return tuple(name for prefix in service_prefixes() for name in actions_of(prefix))


@cache
def every() -> Row:
    """All actions."""
    return (1 << len(names())) - 1


def members(row: Row) -> Iterator[str]:
    """The actions of a set, in order."""
    # SPEED: bytes of 0 and 49; ten times as fast as taking bit after bit off a long integer.
    return compress(names(), f"{row:b}"[::-1].encode().replace(b"0", b"\0"))


def of_statement(statement: Statement) -> Row:
    """The actions that a statement's Action or NotAction matches."""
    if statement.actions is None:
        return every() & ~_of_patterns(statement.not_actions or ())
    return _of_patterns(statement.actions)


def _of_patterns(patterns: tuple[str, ...]) -> Row:
    row = 0
    for pattern in patterns:
        row |= of_pattern(pattern.lower())
    return row


@lru_cache(maxsize=16_384)
def of_pattern(folded: str) -> Row:
    """The actions that one pattern, in lower case, matches."""
    if folded == "*":
        return every()
    service = folded.partition(":")[0]
    test = action_test(folded)
    return of_names(name for name in actions_of(service) if test(name.lower()))


def of_names(found: Iterator[str]) -> Row:
    """The set of these actions, in AWS's spelling."""
    positions = _positions()
    row = 0
    for name in found:
        row |= 1 << positions[name]
    return row


@cache
def _positions() -> dict[str, int]:
    return {name: position for position, name in enumerate(names())}


@cache
def acting_on(service: str) -> Row:
    """The actions that may act on an ARN of this service.

    Those that take no resource according to the catalogue count for their own service: some are
    authorised on an ARN all the same (iam:ListUsers, sqs:ListQueues).
    """
    wanted = {service, _ANY}
    return of_names(name for name in names() if wanted & _services_of(name))


@cache
def _services_of(name: str) -> frozenset[str]:
    prefix = name.partition(":")[0]
    fact = action(name)
    uses = fact.resource_types if fact else ()
    services = (_arn_services(prefix).get(use.name, _ANY) for use in uses)
    return frozenset(services) or frozenset((prefix,))


@cache
def _arn_services(prefix: str) -> dict[str, str]:
    services = {kind.name: kind.arn_pattern.split(":")[2] for kind in resource_types(prefix)}
    return {kind: _ANY if "$" in service else service for kind, service in services.items()}
