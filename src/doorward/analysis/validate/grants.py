"""How a statement comes to speak about one action, and on how much."""

from collections.abc import Iterator
from enum import Enum

from doorward.analysis.validate.arns import is_open, split
from doorward.analysis.validate.patterns import of, overlap
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import Hit
from doorward.policy.actions import action_test

_SERVICE = 2


class By(Enum):
    """How an action is named."""

    NAME = "by its name"
    STAR = "by a wildcard"
    REST = "by NotAction, which leaves it in"


class On(Enum):
    """On what, where it is too much."""

    STAR = "on every resource"
    REST = "on all but some resources"


def named_by(statement: Statement, action: str) -> By | None:
    """How the statement names the action; `None` where it does not."""
    wanted = action.lower()
    if statement.not_actions:
        left_out = any(_matches(each.text.lower(), wanted) for each in statement.not_actions)
        return None if left_out else By.REST
    named = [each.text.lower() for each in statement.actions]
    if wanted in named:
        return By.NAME
    return By.STAR if any(_matches(pattern, wanted) for pattern in named) else None


def _matches(pattern: str, wanted: str) -> bool:
    # SPEED: most patterns are of another service, and need no test made of them.
    service = wanted[: wanted.index(":") + 1]
    return pattern == "*" or (pattern.startswith(service) and action_test(pattern)(wanted))


def on_too_much(statement: Statement, kind: str) -> On | None:
    """Whether resources of this kind, as in `role/`, are not narrowed."""
    if statement.not_resources:
        return On.REST
    return On.STAR if any(_is_every(each.text, kind) for each in statement.resources) else None


def _is_every(resource: str, kind: str) -> bool:
    arn = split(resource)
    if arn is None:
        return resource.endswith("*") and _may_be_of_iam(resource.split(":"))
    if not overlap(of(arn.service), ("iam",)) or not is_open(arn.resource):
        return False
    literal = arn.resource.split("*")[0].split("?")[0]
    return kind.startswith(literal)


def _may_be_of_iam(fields: list[str]) -> bool:
    """Whether an ARN that a star ends early may go on as one of IAM."""
    return len(fields) <= _SERVICE or overlap(of(fields[_SERVICE]), ("iam",))


def asks(statement: Statement, *keys: str) -> bool:
    """Whether some condition asks one of these keys, of which a final `/` or `:` is open."""
    return any(
        condition.name == key or (key[-1] in "/:" and condition.name.startswith(key))
        for condition in statement.conditions
        for key in keys
    )


def roles_for_any_service(
    statement: Statement, action: str, key: str, by: By, on: On
) -> Iterator[Hit]:
    """Where an Allow gives an action on roles in this way, whichever the service is.

    Args:
        statement: As read.
        action: In AWS's spelling.
        key: The condition key that names the service.
        by: How the action is named.
        on: On what.
    """
    if not statement.allows or asks(statement, key.lower()):
        return
    if named_by(statement, action) is by and on_too_much(statement, "role/") is on:
        element = statement.element("Resource") or statement.element("NotResource")
        message = (
            f"{action} is allowed {by.value}, {on.value}: name the roles, "
            f"and the service with a condition on {key}."
        )
        yield Hit(element or statement.at, message)
