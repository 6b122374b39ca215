"""What the policies of a principal say of all actions at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from doorward.analysis import action_rows
from doorward.analysis.action_rows import Row
from doorward.analysis.question import Holder
from doorward.policy import (
    Attached,
    Condition,
    Context,
    Layer,
    Policies,
    PrincipalKind,
    Statement,
)
from doorward.policy.arn import FIELDS
from doorward.policy.conditions import compile_condition
from doorward.policy.variables import Variable, parts

_WITHOUT_SESSION_TAGS = frozenset({PrincipalKind.USER, PrincipalKind.ROOT})
_WILD = frozenset("*?$")
_SERVICE = 2


class Source(NamedTuple):
    """A statement with a say, and where it stands."""

    layer: Layer
    attached: Attached
    statement: Statement


class Extent(NamedTuple):
    """How far statements reach.

    Attributes:
        always: Actions to which they apply on every resource and in every context.
        possible: Actions to which they may apply; these and the former.
    """

    always: Row = 0
    possible: Row = 0

    def __or__(self, other: "Extent") -> "Extent":
        return Extent(self.always | other.always, self.possible | other.possible)


class Reach(NamedTuple):
    """What the principal's own policies say: the actions of each state, and who says so.

    Attributes:
        sources: Each statement with the actions to which it may apply.
    """

    always: Row
    sometimes: Row
    sources: tuple[tuple[Source, Row], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is certain of the context.

    Attributes:
        given: The keys that the question fixes.
        keys: Those, and the principal's own.
    """

    kind: PrincipalKind
    given: Context
    keys: Context

    @classmethod
    def of(cls, holder: Holder, given: Context) -> Self:
        """What is certain of this principal where these keys are given."""
        return cls(holder.principal.kind, given, Context(holder.keys | given))

    def has(self, key: str) -> bool:
        """Whether the key's value, or that it has none, is certain."""
        if key in self.given:
            return True
        if key == "aws:userid" and self.kind is PrincipalKind.ROLE:
            return False
        if key.startswith("aws:principaltag/"):
            return self.kind in _WITHOUT_SESSION_TAGS
        return key in self.keys or key == "aws:username"


def reach_of(policies: Policies, known: Known) -> Reach:
    """Put the policies together as the engine does: ceilings cut, a Deny wins."""
    always = possible = action_rows.every()
    denies = Extent()
    found: list[tuple[Source, Row]] = []
    for layer, attached in _sides(policies):
        allows = Extent()
        for source, extent in _extents(layer, attached, known):
            found.append((source, extent.possible))
            if source.statement.is_deny:
                denies |= extent
            else:
                allows |= extent
        always, possible = always & allows.always, possible & allows.possible
    always &= ~denies.possible
    return Reach(always, possible & ~denies.always & ~always, tuple(found))


def _sides(policies: Policies) -> Iterator[tuple[Layer, tuple[Attached, ...]]]:
    if policies.boundary is not None:
        yield Layer.BOUNDARY, policies.boundary
    yield Layer.IDENTITY, policies.identity


def _extents(
    layer: Layer, attached: Iterable[Attached], known: Known
) -> Iterator[tuple[Source, Extent]]:
    """The statements that may ever apply to this principal, with how far they reach."""
    for one in attached:
        for statement in one.policy.statements:
            extent = _extent(statement, known)
            if extent.possible:
                yield Source(layer, one, statement), extent


def _extent(statement: Statement, known: Known) -> Extent:
    met = [_is_met(each, statement, known) for each in statement.conditions]
    if False in met:
        return Extent()
    possible = action_rows.of_statement(statement)
    if statement.resources is not None and "*" in statement.resources:
        return Extent(0 if None in met else possible, possible)
    return Extent(0, possible & acting_on_any(statement.resources))


def acting_on_any(resources: tuple[str, ...] | None) -> Row:
    """The actions that one of these patterns may be about; `None` is NotResource."""
    row = 0
    for pattern in resources or ("*",):
        fields = pattern.split(":", FIELDS - 1)
        if len(fields) < FIELDS or any(_WILD.intersection(one) for one in fields[: _SERVICE + 1]):
            return action_rows.every()
        row |= action_rows.acting_on(fields[_SERVICE])
    return row


def _is_met(condition: Condition, statement: Statement, known: Known) -> bool | None:
    """Whether the condition is met; `None`: it depends on keys nobody knows yet."""
    test = compile_condition(condition, statement.version, deny=statement.is_deny)
    if test is None:
        return statement.is_deny
    return test(known.keys) if all(map(known.has, _asked(condition, statement.version))) else None


def _asked(condition: Condition, version: str) -> set[str]:
    found = (part for value in condition.values for part in parts(value, version))
    return {condition.key.lower(), *(part.key for part in found if isinstance(part, Variable))}
