"""Who holds which statement: an account turned inside out.

Statements are found by action, policies by statement, and principals by policy. Principals of one
kind that hold the same documents in the same order make up one class: the engine says the same of
each of them, but for what a statement asks about the principal itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from doorward.account.account import Account
from doorward.analysis.question import Holder, everyone
from doorward.policy import Attached, Context, Policy, PrincipalKind, Statement
from doorward.policy.actions import ActionIndex, action_index
from doorward.policy.arn import without_path
from doorward.policy.document import VERSIONS
from doorward.policy.variables import Variable, parts

BOUNDARY, IDENTITY = 0, 1


class Place(NamedTuple):
    """Where a class of principals holds a policy; sorts as the engine reads."""

    side: int
    position: int


class Likeness(NamedTuple):
    """What the engine sees of a class; two classes with an equal one get the same decision.

    Attributes:
        held: The side and the document of each policy with a say, in the order they are read.
    """

    kind: PrincipalKind
    bounded: bool
    held: tuple[tuple[int, Policy], ...] = ()

    def holding(self, policies: Iterable[tuple[Place, Policy]]) -> "Likeness":
        """The same with these policies."""
        return self._replace(held=tuple((place.side, policy) for place, policy in policies))


class Kin(NamedTuple):
    """What makes principals alike; `boundary` is `None` where they have none."""

    kind: PrincipalKind
    boundary: tuple[Policy, ...] | None
    identity: tuple[Policy, ...]

    def held(self) -> Iterator[tuple[Place, Policy]]:
        """Every policy with its place."""
        for position, policy in enumerate(self.boundary or ()):
            yield Place(BOUNDARY, position), policy
        for position, policy in enumerate(self.identity):
            yield Place(IDENTITY, position), policy


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """An account turned inside out.

    Attributes:
        holders: Every user, every role, the root user; other tables hold places in it or in `kin`.
        arns: Of the holders.
        idle: What each class is like where none of its policies has a say.
        members: The holders of each class.
        places: Who holds a policy, and where.
        names: ARN, ARN without path and unique id of a holder.
        common: The condition keys that are the same for every holder.
        differing: The keys that are not.
        personal: Statements that ask for one of those.
    """

    holders: tuple[Holder, ...]
    arns: tuple[str, ...]
    kin: tuple[Kin, ...]
    idle: tuple[Likeness, ...]
    members: tuple[tuple[int, ...], ...]
    places: Mapping[Policy, tuple[tuple[int, Place], ...]]
    policies: Mapping[Statement, Policy]
    actions: ActionIndex
    names: Mapping[str, int]
    common: Context
    differing: frozenset[str]
    personal: frozenset[Statement]


def index_of(account: Account) -> Index:
    """The index of an account value, made once."""
    found: Index | None = account.memo.get("who-can")
    if found is None:
        found = account.memo["who-can"] = _index(tuple(everyone(account)))
    return found


def _index(holders: tuple[Holder, ...]) -> Index:
    members: dict[Kin, list[int]] = defaultdict(list)
    for number, holder in enumerate(holders):
        members[_kin(holder)].append(number)
    places: dict[Policy, list[tuple[int, Place]]] = defaultdict(list)
    for number, kin in enumerate(members):
        for place, policy in kin.held():
            places[policy].append((number, place))
    policies = {statement: policy for policy in places for statement in policy.statements}
    common, differing = _keys(holders)
    return Index(
        holders,
        tuple(holder.principal.arn for holder in holders),
        tuple(members),
        tuple(Likeness(kin.kind, kin.boundary is not None) for kin in members),
        tuple(map(tuple, members.values())),
        {policy: tuple(found) for policy, found in places.items()},
        policies,
        action_index(Policy("", "identity", VERSIONS[0], tuple(policies))),
        {name: number for number, holder in enumerate(holders) for name in _names(holder)},
        common,
        differing,
        frozenset(one for one in policies if is_asking(one, differing)),
    )


def _kin(holder: Holder) -> Kin:
    boundary = holder.policies.boundary
    return Kin(
        holder.principal.kind,
        None if boundary is None else _documents(boundary),
        _documents(holder.policies.identity),
    )


def _documents(attached: Iterable[Attached]) -> tuple[Policy, ...]:
    return tuple(one.policy for one in attached)


def _names(holder: Holder) -> Iterator[str]:
    principal = holder.principal
    return filter(None, (principal.arn, without_path(principal.arn), principal.entity_id))


def _keys(holders: tuple[Holder, ...]) -> tuple[Context, frozenset[str]]:
    """The keys that every holder has with one value, and all others."""
    pairs = [holder.keys.items() for holder in holders]
    common = set(pairs[0]).intersection(*pairs)
    return Context(common), frozenset(key for holder in holders for key in holder.keys) - {
        key for key, _ in common
    }


def is_asking(statement: Statement, keys: frozenset[str]) -> bool:
    """Whether the statement asks for one of these keys, in a condition or in a variable."""
    if any(each.key.lower() in keys for each in statement.conditions):
        return True
    texts = [text for each in statement.conditions for text in each.values]
    texts += (*(statement.resources or ()), *(statement.not_resources or ()))
    return any(
        isinstance(part, Variable) and part.key in keys
        for text in texts
        if "${" in text
        for part in parts(text, statement.version)
    )
