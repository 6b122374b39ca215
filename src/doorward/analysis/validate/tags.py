"""Which services supply the keys about tags."""

from functools import lru_cache
from typing import Final

from doorward.analysis.validate.errors.keys import carries
from doorward.analysis.validate.reading import Condition, Statement
from doorward.catalog.actions import action, actions_of, service_prefixes

_KEYS: Final = ("aws:resourcetag/", "aws:requesttag/", "aws:tagkeys")


def tag_conditions(statement: Statement) -> tuple[Condition, ...]:
    """The conditions that fail where the request carries no such tag."""
    return tuple(
        condition
        for condition in statement.conditions
        if condition.name.startswith(_KEYS)
        and condition.known
        and not condition.negated
        and not condition.if_exists
        and condition.quantifier != "forallvalues"
    )


def services_without(statement: Statement, key: str) -> tuple[str, ...]:
    """The services the statement names whose requests never carry the key."""
    named = {each.text.partition(":")[0].lower() for each in statement.actions}
    prefixes = service_prefixes() if "*" in named else sorted(named & set(service_prefixes()))
    return tuple(prefix for prefix in prefixes if not _supplies(prefix, _kind(key)))


def _kind(key: str) -> str:
    return next(kind for kind in _KEYS if key.startswith(kind))


@lru_cache(maxsize=2048)
def _supplies(prefix: str, key: str) -> bool:
    facts = (action(name) for name in actions_of(prefix))
    return any(fact is not None and carries(fact, key) for fact in facts)


def listed(services: tuple[str, ...]) -> str:
    """The first of them, and how many more."""
    more = len(services) - 5
    return ", ".join(services[:5]) + (f" and {more} more services" if more > 0 else "")
