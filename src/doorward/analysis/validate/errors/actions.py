"""Actions there are, and actions there are not."""

from collections.abc import Iterator
from functools import lru_cache

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.likeness import nearest
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.precedents import precedents
from doorward.analysis.validate.reading import Statement, Text
from doorward.analysis.validate.registry import Hit, check
from doorward.catalog.actions import actions_of, exists, service_prefixes
from doorward.policy.actions import action_test


@check("INVALID_SERVICE_IN_ACTION", Severity.ERROR)
def unknown_service(statement: Statement) -> Iterator[Hit]:
    """The part before the colon is no service's prefix."""
    for action in _named(statement):
        service, _, name = action.text.partition(":")
        if is_service(service) or {"*", "?"} & set(service):
            continue
        if service.lower() in precedents().services:
            continue
        meant = nearest(service, service_prefixes())
        fixes = (instead(f"write {meant}", action.at, f"{meant}:{name}"),) if meant else ()
        yield Hit(action.at, f'There is no service "{service[:40]}".', fixes)


@check("INVALID_ACTION", Severity.ERROR)
def unknown_action(statement: Statement) -> Iterator[Hit]:
    """The service has no such action, or none that fits the pattern."""
    for action in _elements(statement):
        if action.text != "*" and ":" not in action.text:
            message = f'"{action.text[:60]}" does not begin with its service, as in iam:GetUser.'
            yield Hit(action.at, message)
    for action in _named(statement):
        service, _, name = action.text.partition(":")
        if is_service(service) and not _is_known(action.text):
            meant = nearest(action.text, actions_of(service))
            fixes = (instead(f"write {meant}", action.at, meant),) if meant else ()
            message = f'{service} has no action "{name[:60]}" in the catalogue.'
            yield Hit(action.at, message, fixes)


def _is_known(action: str) -> bool:
    return fits_any(action) or action.lower() in precedents().actions


def _elements(statement: Statement) -> tuple[Text, ...]:
    return (*statement.actions, *statement.not_actions)


def _named(statement: Statement) -> tuple[Text, ...]:
    """The actions with a service; one with a variable is told as that."""
    every = _elements(statement)
    return tuple(one for one in every if ":" in one.text and "${" not in one.text)


@lru_cache(maxsize=1024)
def is_service(prefix: str) -> bool:
    """Whether actions of this service are known."""
    return bool(actions_of(prefix))


@lru_cache(maxsize=8192)
def fits_any(pattern: str) -> bool:
    """Whether the service has an action of this name or pattern."""
    if exists(pattern):
        return True
    if "*" not in pattern and "?" not in pattern:
        return False
    test = action_test(pattern)
    return any(test(name.lower()) for name in actions_of(pattern.partition(":")[0]))
