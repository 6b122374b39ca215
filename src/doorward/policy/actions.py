"""Action and NotAction, and the index that finds a policy's statements by action."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from doorward.policy.document import Policy, Statement
from doorward.policy.match import Match, glob, joined, wildcards

ActionTest: TypeAlias = Callable[[str], bool]

_BLANKS: Final = (" ", "\t", "\n", "\r")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ActionIndex:
    """A policy's statements by what their actions begin with; all names in lower case.

    Attributes:
        exact: By a whole action.
        services: By service, with the test of the part after the colon.
        others: Statements that ask every action: `*` and NotAction.
    """

    exact: dict[str, list[Statement]] = field(default_factory=dict)
    services: dict[str, list[tuple[Match, Statement]]] = field(default_factory=dict)
    others: list[tuple[ActionTest, Statement]] = field(default_factory=list)

    def find(self, action: str) -> list[Statement]:
        """The statements whose action element matches this lower-case action, in order."""
        found = list(self.exact.get(action, ()))
        service, _, name = action.partition(":")
        found += (one for match, one in self.services.get(service, ()) if match(name))
        found += (one for test, one in self.others if test(action))
        return sorted(set(found), key=lambda statement: statement.index)


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
        service, _, name = folded.partition(":")
        if folded == "*":
            index.others.append((_every, statement))
        elif _blank(folded):
            continue
        elif "*" not in name and "?" not in name:
            index.exact.setdefault(folded, []).append(statement)
        else:
            index.services.setdefault(service, []).append((_name(name), statement))


def _every(_: str) -> bool:
    return True


def _name(pattern: str) -> Match:
    return glob(joined(wildcards(pattern)))


def _blank(pattern: str) -> bool:
    return any(blank in pattern for blank in _BLANKS)


def _none_of(patterns: Iterable[str]) -> ActionTest:
    tests = [action_test(pattern) for pattern in patterns]
    return lambda action: not any(test(action) for test in tests)


def action_test(pattern: str) -> ActionTest:
    """The test of one action pattern on lower-case actions; the service is compared as text."""
    folded = pattern.lower()
    if folded == "*":
        return _every
    service, colon, name = folded.partition(":")
    if _blank(folded) or not colon:
        return lambda _: False
    head, match = service + colon, _name(name)
    return lambda action: action.startswith(head) and match(action[len(head) :])
