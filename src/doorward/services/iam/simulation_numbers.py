"""Numbers as the simulator compares them, which is not as AWS itself does."""

from dataclasses import replace
from typing import Final

from doorward.policy import Attached, Context, Policies, Statement
from doorward.policy.conditions.numeric import number

_NOT_EQUALS: Final = frozenset({"numericnotequals", "numericnotequalsifexists"})


def comparable(policies: Policies, context: Context) -> Policies:
    """The policies as the simulator compares numbers.

    AWS: NumericNotEquals on a value that is no number is false in the simulator, true in AWS
    itself. Recorded: condition_values, 2026-09. A statement whose condition is false does not
    apply, so it is left out.
    """

    def _of(attached: tuple[Attached, ...] | None) -> tuple[Attached, ...] | None:
        if attached is None:
            return None
        return tuple(_without_uncomparable(one, context) for one in attached)

    return replace(
        policies,
        identity=_of(policies.identity) or (),
        boundary=_of(policies.boundary),
        resource=_of(policies.resource),
        scp=tuple(_of(level) or () for level in policies.scp),
    )


def _without_uncomparable(attached: Attached, context: Context) -> Attached:
    statements = attached.policy.statements
    kept = tuple(one for one in statements if not _is_uncomparable(one, context))
    if len(kept) == len(statements):
        return attached
    return replace(attached, policy=replace(attached.policy, statements=kept))


def _is_uncomparable(statement: Statement, context: Context) -> bool:
    for condition in statement.conditions:
        if condition.operator.lower() in _NOT_EQUALS:
            value = context.get(condition.key.lower())
            if isinstance(value, str) and number(value) is None:
                return True
    return False
