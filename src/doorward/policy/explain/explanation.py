"""A decision with all that led to it."""

from dataclasses import dataclass
from functools import cached_property

from doorward.policy.conditions.block import named
from doorward.policy.decision import Decision, decide
from doorward.policy.explain.allowed_if import allowed_if
from doorward.policy.explain.changes import changes
from doorward.policy.explain.formula import Formula
from doorward.policy.explain.reading import elements_of, read
from doorward.policy.explain.report import Change, StatementRead
from doorward.policy.explain.steps import Step, steps
from doorward.policy.request import Policies, Request


def explain(request: Request, policies: Policies) -> "Explanation":
    """Decide, and keep what it takes to say why."""
    return Explanation(request, policies, decide(request, policies))


@dataclass(frozen=True)
class Explanation:
    """A decision and what stands behind it; each part is worked out when it is first asked for."""

    request: Request
    policies: Policies
    decision: Decision

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every type of policy that was read, in the order of the decision."""
        return steps(self.request, self.policies)

    @cached_property
    def deciding(self) -> StatementRead | None:
        """The statement that decided, against this request."""
        statement, attached = self.decision.statement, self.decision.policy
        if statement is None or attached is None:
            return None
        elements = elements_of(statement, bounded=self.policies.boundary is not None)
        return read(self.request, attached, elements)

    @cached_property
    def changes(self) -> tuple[Change, ...] | None:
        """What would allow a refused request, all of it needed; empty for an allowed one.

        `None` where no policy can allow it (a service's own rule).
        """
        return () if self.decision.allowed else changes(self.request, self.policies, self.steps)

    @cached_property
    def allowed_if(self) -> Formula | None:
        """The conditions that would have to be met, policies as they are.

        `None` for an allowed request, and where no context would allow it.
        """
        return None if self.decision.allowed else allowed_if(self.request, self.steps)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Keys that statements on this action ask and the request lacks, in lower case.

        Keys asked only whether they are there (`Null`) count too.
        """
        keys: dict[str, None] = {}
        for statement in (one for step in self.steps for one in step.reads):
            keys.update(dict.fromkeys(statement.unresolved))
            for one in statement.conditions:
                if one.came is None and named(one.condition.operator):
                    keys[one.condition.key.lower()] = None
                keys.update(dict.fromkeys(one.unresolved))
        return tuple(keys)
