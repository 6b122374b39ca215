"""The few rules of several policies that may apply to a request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from doorward.policy.actions import action_index
from doorward.policy.compile import Applies, Rule, rule
from doorward.policy.document import Policy, Statement
from doorward.policy.resources import prefixes

Entry: TypeAlias = tuple[Applies, Rule, int]
"""The rule's test, the rule, and which of the policies it stands in."""

_FEW: Final = 12
_LENGTHS: Final = 12
_STEP: Final = 8
_REMEMBERED: Final = 65_536


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pile:
    """Rules for one action; many of them are sorted by what the resource must begin with.

    Attributes:
        entries: All of them.
        doubt: What the first of them that cannot be evaluated holds; else empty.
        sorted: Whether `near` finds fewer.
        anywhere: Those that need no particular beginning.
        whole: By a whole resource.
        beginnings: By length, then by the beginning of that length.
    """

    entries: tuple[Entry, ...]
    doubt: str
    sorted: bool = False
    anywhere: list[Entry] = field(default_factory=list)
    whole: dict[str, list[Entry]] = field(default_factory=dict)
    beginnings: dict[int, dict[str, list[Entry]]] = field(default_factory=dict)

    def near(self, resource: str) -> Sequence[Entry]:
        """The rules that may apply to this resource, some perhaps twice."""
        if not self.sorted:
            return self.entries
        found = [*self.anywhere, *self.whole.get(resource, ())]
        for length, beginnings in self.beginnings.items():
            found += beginnings.get(resource[:length], ())
        return found


def _pile(entries: Iterable[Entry]) -> Pile:
    rows = tuple(entries)
    doubt = next((rule.doubt for _, rule, _ in rows if rule.doubt), "")
    if len(rows) <= _FEW:
        return Pile(rows, doubt)
    pile = Pile(rows, doubt, sorted=True)
    wanted = [(entry, _beginnings(entry[1].statement)) for entry in pile.entries]
    lengths = {len(text) for _, found in wanted for text, whole in found or () if not whole}
    step = 1 if len(lengths) <= _LENGTHS else _STEP
    for entry, found in wanted:
        for text, whole in found or (("", False),):
            _sort(pile, entry, text[: len(text) // step * step] if not whole else text, whole=whole)
    return pile


def _beginnings(statement: Statement) -> tuple[tuple[str, bool], ...] | None:
    if "beginnings" not in statement.derived:
        statement.derived["beginnings"] = prefixes(statement)
    found: tuple[tuple[str, bool], ...] | None = statement.derived["beginnings"]
    return found


def _sort(pile: Pile, entry: Entry, text: str, *, whole: bool) -> None:
    if whole:
        pile.whole.setdefault(text, []).append(entry)
    elif text:
        pile.beginnings.setdefault(len(text), {}).setdefault(text, []).append(entry)
    else:
        pile.anywhere.append(entry)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shortlist:
    """Rules for one action, Deny and Allow apart."""

    denies: Pile
    allows: Pile


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Union:
    """Several policies of one type, which act as one document.

    Attributes:
        bounded: Whether the caller has a permissions boundary (NotPrincipal then counts otherwise).
        made: The shortlists made so far, by action as asked.
    """

    policies: tuple[Policy, ...]
    bounded: bool
    made: dict[str, Shortlist] = field(default_factory=dict)

    def shortlist(self, action: str) -> Shortlist:
        """The rules whose action element matches."""
        found = self.made.get(action)
        return self._make(action) if found is None else found

    def _make(self, action: str) -> Shortlist:
        folded = action.lower()
        rows = [
            (statement, position)
            for position, policy in enumerate(self.policies)
            for statement in action_index(policy).find(folded)
        ]
        made = Shortlist(
            _pile(self._entry(*row) for row in rows if row[0].is_deny),
            _pile(self._entry(*row) for row in rows if not row[0].is_deny),
        )
        # INVARIANT: callers choose the actions, so what is remembered must have a bound.
        if (len(self.made) + 1) * (len(rows) + 8) > _REMEMBERED:
            self.made.clear()
        self.made[action] = made
        return made

    def _entry(self, statement: Statement, position: int) -> Entry:
        made = rule(statement, bounded=self.bounded)
        return made.applies, made, position


@lru_cache(maxsize=4096)
def union(policies: tuple[Policy, ...], *, bounded: bool = False) -> Union:
    """The union of these policies, shared by all who have the same ones."""
    return Union(policies, bounded)
