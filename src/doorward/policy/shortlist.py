"""The few rules of several policies that may apply to a request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from doorward.policy.actions import Group, action_index, united
from doorward.policy.compile import Applies, Rule, always, rule
from doorward.policy.document import Policy
from doorward.policy.resources import prefixes

Entry: TypeAlias = tuple[Applies, Rule, int]
"""The rule's test, the rule, and which of the policies it stands in."""
Entries: TypeAlias = tuple[Entry, ...]
Row: TypeAlias = tuple[Rule, int]
Table: TypeAlias = dict[str, Entries | list[Row]]
"""By a beginning: rules as they are found, made ready when they are first near a request."""

_FEW: Final = 12
_LENGTHS: Final = 12
_STEP: Final = 8
_REMEMBERED: Final = 65_536
_ACTIONS: Final = 4096


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pile:
    """Rules for one action; many of them are sorted by what the resource must begin with.

    Attributes:
        entries: All of them.
        sorted: Whether `near` finds fewer.
        anywhere: Those that need no particular beginning.
        tables: By the length of a beginning; `None` is a whole resource.
        doubts: What `doubt` found.
    """

    entries: Entries
    sorted: bool = False
    anywhere: Entries = ()
    tables: tuple[tuple[int | None, Table], ...] = ()
    doubts: list[str] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        """Whether some rule here applies to every request."""
        return any(applies is always for applies, _, _ in self.anywhere or self.entries[:_FEW])

    @property
    def doubt(self) -> str:
        """What the first of them that cannot be evaluated holds; else empty."""
        if not self.doubts:
            found = (each.doubt for _, each, _ in self.entries)
            self.doubts.append(next(filter(None, found), ""))
        return self.doubts[0]

    def near(self, resource: str) -> Entries:
        """The rules that may apply to this resource, some perhaps twice."""
        if not self.sorted:
            return self.entries
        found = self.anywhere
        for length, table in self.tables:
            hit = table.get(resource[:length])
            if hit:
                found += hit if isinstance(hit, tuple) else _ready(table, resource[:length], hit)
        return found


def _ready(table: Table, beginning: str, rows: Iterable[Row]) -> Entries:
    made = table[beginning] = _entries(rows)
    return made


def _entries(rows: Iterable[Row]) -> Entries:
    return tuple((each.applies, each, position) for each, position in rows)


def _pile(rows: list[Row]) -> Pile:
    if len(rows) <= _FEW:
        return Pile(_entries(rows))
    anywhere: list[Row] = []
    tables: dict[int | None, dict[str, list[Row]]] = {}
    for text, whole, row in _cut(rows):
        if text:
            table = tables.setdefault(None if whole else len(text), {})
            table.setdefault(text, []).append(row)
        else:
            anywhere.append(row)
    every = tuple((each.ask, each, position) for each, position in rows)
    sorted_by = tuple((length, Table(table)) for length, table in tables.items())
    return Pile(every, sorted=True, anywhere=_entries(anywhere), tables=sorted_by)


def _cut(rows: list[Row]) -> Iterator[tuple[str, bool, Row]]:
    """Each row under each of its beginnings, cut to few lengths; empty where it has none."""
    wanted = [(row, prefixes(row[0].statement)) for row in rows]
    lengths = {len(text) for _, found in wanted for text, whole in found or () if not whole}
    step = 1 if len(lengths) <= _LENGTHS else _STEP
    for row, found in wanted:
        for text, whole in found or (("", False),):
            yield (text if whole else text[: len(text) // step * step]), whole, row


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shortlist:
    """Rules for one action, Deny and Allow apart.

    Attributes:
        size: How many they are.
    """

    denies: Pile
    allows: Pile
    size: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Union:
    """Several policies of one type, which act as one document.

    Attributes:
        bounded: Whether the caller has a permissions boundary (NotPrincipal then counts otherwise).
        made: The shortlists made so far, by action as asked.
        shared: The same by the patterns that match: most actions match the same ones.
    """

    policies: tuple[Policy, ...]
    bounded: bool
    made: dict[str, Shortlist] = field(default_factory=dict)
    shared: dict[tuple[tuple[int, str], ...], Shortlist] = field(default_factory=dict)

    def shortlist(self, action: str) -> Shortlist:
        """The rules whose action element matches."""
        found = self.made.get(action)
        return self._find(action) if found is None else found

    def _find(self, action: str) -> Shortlist:
        folded = action.lower()
        groups = [
            (position, group)
            for position, policy in enumerate(self.policies)
            for group in action_index(policy).groups(folded)
        ]
        patterns = tuple((position, group[0]) for position, group in groups)
        found = self.shared.get(patterns)
        if found is None:
            found = self.shared[patterns] = self._make(groups)
        # INVARIANT: callers choose the actions, so what is remembered must have a bound.
        if len(self.made) >= _ACTIONS:
            self.made.clear()
        self.made[action] = found
        return found

    def _make(self, groups: list[tuple[int, Group]]) -> Shortlist:
        together: dict[int, list[Group]] = {}
        for position, group in groups:
            together.setdefault(position, []).append(group)
        rows = [
            (rule(statement, bounded=self.bounded), position)
            for position, own in together.items()
            for statement in united(own)
        ]
        if sum(one.size + 8 for one in self.shared.values()) + len(rows) > _REMEMBERED:
            self.made.clear()
            self.shared.clear()
        return Shortlist(
            _pile([row for row in rows if row[0].statement.is_deny]),
            _pile([row for row in rows if not row[0].statement.is_deny]),
            len(rows),
        )


@lru_cache(maxsize=4096)
def union(policies: tuple[Policy, ...], *, bounded: bool = False) -> Union:
    """The union of these policies, shared by all who have the same ones."""
    return Union(policies, bounded)
