"""Action and NotAction, and the index that finds a policy's statements by action."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Final, TypeAlias

from doorward.policy.document import Policy, Statement
from doorward.policy.match import Match, glob, joined, wildcards

ActionTest: TypeAlias = Callable[[str], bool]
Group: TypeAlias = tuple[str, list[Statement]]
"""Statements with one pattern, and a word for the pattern, unique in the policy."""

_BLANK: Final = re.compile(r"[ \t\n\r]")
_NOT: Final = "not "
_by_place: Final = attrgetter("index")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ActionIndex:
    """A policy's statements by what their actions begin with; all names in lower case.

    Attributes:
        exact: By a whole action.
        services: By service, then by the pattern of the part after the colon.
        every: Those with the action `*`.
        others: Those with NotAction, each with its test.
    """

    exact: dict[str, list[Statement]] = field(default_factory=dict)
    services: dict[str, dict[str, list[Statement]]] = field(default_factory=dict)
    every: list[Statement] = field(default_factory=list)
    others: list[tuple[ActionTest, Statement]] = field(default_factory=list)

    def groups(self, action: str) -> list[Group]:
        """The groups whose pattern matches this lower-case action."""
        found: list[Group] = []
        service, colon, name = action.partition(":")
        if colon and action in self.exact and not _BLANK.search(action):
            found.append((action, self.exact[action]))
        patterns = self.services.get(service)
        if colon and patterns and not _BLANK.search(service):
            hits = ((text, rows) for text, rows in patterns.items() if _name(text)(name))
            found += ((f"{service}:{text}", rows) for text, rows in hits)
        if self.every:
            found.append(("*", self.every))
        found += ((f"{_NOT}{one.index}", [one]) for test, one in self.others if test(action))
        return found

    def find(self, action: str) -> list[Statement]:
        """The statements whose action element matches this lower-case action, in order."""
        return united(self.groups(action))


def united(groups: Iterable[Group]) -> list[Statement]:
    """The statements of these groups, each once, in order."""
    return sorted({one for _, rows in groups for one in rows}, key=_by_place)


def action_index(policy: Policy) -> ActionIndex:
    """The index of a policy, made once."""
    index: ActionIndex | None = policy.derived.get("actions")
    if index is None:
        index = ActionIndex()
        for statement in policy.statements:
            _enter(index, statement)
        policy.derived["actions"] = index
    return index


def _enter(index: ActionIndex, statement: Statement) -> None:
    if statement.actions is None:
        index.others.append((_none_of(statement.not_actions or ()), statement))
        return
    for pattern in statement.actions:
        folded = pattern.lower()
        # SPEED: what is done here is paid for every pattern of a policy; the rest waits for the
        # first request that asks the service.
        if "*" not in folded and "?" not in folded:
            index.exact.setdefault(folded, []).append(statement)
        elif folded == "*":
            index.every.append(statement)
        else:
            service, _, name = folded.partition(":")
            index.services.setdefault(service, {}).setdefault(name, []).append(statement)


def _every(_: str) -> bool:
    return True


def _never(_: str) -> bool:
    return False


@lru_cache(maxsize=4096)
def _name(pattern: str) -> Match:
    """The test of the part after the colon; a pattern with a blank in it matches nothing."""
    return _never if _BLANK.search(pattern) else glob(joined(wildcards(pattern)))


def _none_of(patterns: Iterable[str]) -> ActionTest:
    tests = [action_test(pattern) for pattern in patterns]
    return lambda action: not any(test(action) for test in tests)


def action_test(pattern: str) -> ActionTest:
    """The test of one action pattern on lower-case actions; the service is compared as text."""
    folded = pattern.lower()
    if folded == "*":
        return _every
    service, colon, name = folded.partition(":")
    if _BLANK.search(folded) or not colon:
        return _never
    head, match = service + colon, _name(name)
    return lambda action: action.startswith(head) and match(action[len(head) :])
