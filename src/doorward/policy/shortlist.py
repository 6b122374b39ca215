"""The few rules of several policies that may apply to a request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from doorward.policy.actions import action_index
from doorward.policy.compile import Applies, Rule, rule
from doorward.policy.document import Policy, Statement
from doorward.policy.resources import prefixes

Entry: TypeAlias = tuple[Applies, Rule, int]
"""The rule's test, the rule, and which of the policies it stands in."""
Entries: TypeAlias = tuple[Entry, ...]

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
        tables: By the length of a beginning, then by the beginning; `None` is a whole resource.
    """

    entries: Entries
    doubt: str
    sorted: bool = False
    anywhere: Entries = ()
    tables: tuple[tuple[int | None, dict[str, Entries]], ...] = ()

    def near(self, resource: str) -> Entries:
        """The rules that may apply to this resource, some perhaps twice."""
        if not self.sorted:
            return self.entries
        found = self.anywhere
        for length, table in self.tables:
            hit = table.get(resource[:length])
            if hit:
                found += hit
        return found


def _pile(entries: Iterable[Entry]) -> Pile:
    rows = tuple(entries)
    doubt = next((rule.doubt for _, rule, _ in rows if rule.doubt), "")
    if len(rows) <= _FEW:
        return Pile(rows, doubt)
    anywhere: list[Entry] = []
    tables: dict[int | None, dict[str, list[Entry]]] = {}
    for text, whole, entry in _cut(rows):
        if text:
            table = tables.setdefault(None if whole else len(text), {})
            table.setdefault(text, []).append(entry)
        else:
            anywhere.append(entry)
    return Pile(rows, doubt, sorted=True, anywhere=tuple(anywhere), tables=_frozen(tables))


def _frozen(
    tables: dict[int | None, dict[str, list[Entry]]],
) -> tuple[tuple[int | None, dict[str, Entries]], ...]:
    return tuple(
        (length, {text: tuple(found) for text, found in table.items()})
        for length, table in tables.items()
    )


def _cut(rows: Entries) -> Iterator[tuple[str, bool, Entry]]:
    """Each entry under each of its beginnings, cut to few lengths; empty where it has none."""
    wanted = [(entry, _beginnings(entry[1].statement)) for entry in rows]
    lengths = {len(text) for _, found in wanted for text, whole in found or () if not whole}
    step = 1 if len(lengths) <= _LENGTHS else _STEP
    for entry, found in wanted:
        for text, whole in found or (("", False),):
            yield (text if whole else text[: len(text) // step * step]), whole, entry


def _beginnings(statement: Statement) -> tuple[tuple[str, bool], ...] | None:
    if "beginnings" not in statement.derived:
        statement.derived["beginnings"] = prefixes(statement)
    found: tuple[tuple[str, bool], ...] | None = statement.derived["beginnings"]
    return found


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
