"""What an explanation holds: each statement that had a say, and what became of it.

What is made for every statement is a tuple: that costs a quarter of a frozen dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from doorward.policy.decision import Layer
from doorward.policy.document import Statement
from doorward.policy.fields import Condition
from doorward.policy.request import Attached
from doorward.policy.variables import Values


class ConditionRead(NamedTuple):
    """One operator and key of a statement, against the request.

    Attributes:
        holds: Whether it is met, as it counts in a statement of this effect.
        came: The request's value; `None` where the key is missing.
        wanted: The policy's values, variables filled; one without a value stays as written.
        unresolved: Variables without a value, as `aws:username`.
        doubt: Why it could not be evaluated; else empty.
    """

    condition: Condition
    holds: bool
    came: Values | None
    wanted: tuple[str, ...]
    unresolved: tuple[str, ...] = ()
    doubt: str = ""


class StatementRead(NamedTuple):
    """One statement whose action element matches, against the request.

    Attributes:
        naming: How closely it names the caller (`principals`): 0, or any bits where the kind of
            policy names nobody.
        failed: The first element that does not match (`NotPrincipal`, `Resource`, `Condition`, …);
            empty where the statement applies.
        conditions: Empty where an earlier element failed.
        unresolved: Variables without a value in its Resource or NotResource.
    """

    attached: Attached
    statement: Statement
    naming: int
    failed: str
    conditions: tuple[ConditionRead, ...] = ()
    unresolved: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def applies(self) -> bool:
        """Whether every element matches."""
        return not self.failed


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to change so that the request is allowed.

    Attributes:
        layer: The type of policy that lacks an Allow, or holds the Deny.
        level: As in `Step`.
        remove: The Deny statement that is in the way; `None` where an Allow is lacking.
        attached: The policy that holds `remove`; for an Allow, the one to extend, if there is one.
        statement: The Allow statement to add, as JSON; `None` where one is to be removed.
    """

    layer: Layer
    level: int
    attached: Attached | None = None
    remove: Statement | None = None
    statement: Mapping[str, Any] | None = None
