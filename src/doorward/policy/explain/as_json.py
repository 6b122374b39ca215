"""An explanation for programs: plain values, ready for JSON."""

from collections.abc import Mapping
from typing import Any

from doorward.policy.decision import Decision
from doorward.policy.document import Statement
from doorward.policy.explain.explanation import Explanation
from doorward.policy.explain.formula import AllOf, Formula, Met
from doorward.policy.explain.places import place_in
from doorward.policy.explain.report import Change, ConditionRead, StatementRead
from doorward.policy.explain.steps import Step
from doorward.policy.explain.words import describe
from doorward.policy.fields import Condition
from doorward.policy.request import Attached

Json = dict[str, Any]


def as_json(explanation: Explanation) -> Json:
    """Everything: the answer, the steps, the smallest change, what would allow it as it stands.

    Keys are always there; what does not apply is null, or an empty list.
    """
    request, decision = explanation.request, explanation.decision
    changes, formula = explanation.changes, explanation.allowed_if
    return {
        "principal": request.principal.arn or None,
        "action": request.action,
        "resource": request.resource,
        "resource_account": request.resource_account,
        "allowed": decision.allowed,
        **decision_json(decision),
        "steps": [_step(step) for step in explanation.steps],
        "missing_context_keys": list(explanation.missing),
        "changes": None if changes is None else [_change(change) for change in changes],
        "allowed_if": None if formula is None else formula_json(formula),
    }


def decision_json(decision: Decision) -> Json:
    """The answer alone."""
    policy, statement = decision.policy, decision.statement
    return {
        "decision": decision.outcome.value,
        "layer": decision.layer.value,
        "policy": _policy(policy) if policy else None,
        "statement": _statement(statement) if statement else None,
        "reason": decision.reason or None,
        "text": describe(decision),
    }


def formula_json(formula: Formula) -> Json:
    """`{"all": […]}`, `{"any": […]}`, or one condition and whether it has to be met."""
    if isinstance(formula, Met):
        return _condition(formula.condition) | {"met": not formula.negated}
    word = "all" if isinstance(formula, AllOf) else "any"
    return {word: [formula_json(part) for part in formula.parts]}


def _policy(attached: Attached) -> Json:
    return {
        "name": attached.name,
        "arn": attached.arn,
        "type": attached.policy.kind,
        "attached_to": attached.attached_to,
    }


def _statement(statement: Statement) -> Json:
    span = statement.span
    return {
        "sid": statement.sid,
        "index": statement.index,
        "effect": statement.effect,
        "line": span.brace_line or None,
        "column": span.brace_column or None,
    }


def _step(step: Step) -> Json:
    return {
        "layer": step.layer.value,
        "level": step.level or None,
        "verdict": step.verdict.value,
        "policies": [_policy(one) for one in step.attached],
        "statements": [_read(read) for read in step.reads],
    }


def _read(read: StatementRead) -> Json:
    return {
        "policy": read.attached.name,
        **_statement(read.statement),
        "applies": read.applies,
        "failed": _failed(read),
        "conditions": [_tested(read.statement, one) for one in read.conditions],
        "unresolved_variables": list(read.unresolved),
        "doubt": read.doubt or None,
    }


def _failed(read: StatementRead) -> Json | None:
    if not read.failed:
        return None
    return {"element": read.failed, **_at(place_in(read.statement, read.failed))}


def _at(place: tuple[int, int] | None) -> Json:
    line, column = place or (None, None)
    return {"line": line, "column": column}


def _tested(statement: Statement, one: ConditionRead) -> Json:
    condition = one.condition
    return {
        **_condition(condition),
        **_at(place_in(statement, "Condition", condition.operator, condition.key)),
        "wanted": list(one.wanted),
        "came": list(one.came) if isinstance(one.came, tuple) else one.came,
        "met": one.holds,
        "unresolved_variables": list(one.unresolved),
        "doubt": one.doubt or None,
    }


def _condition(condition: Condition) -> Json:
    return {
        "operator": condition.operator,
        "key": condition.key,
        "values": list(condition.values),
    }


def _change(change: Change) -> Json:
    removed: Mapping[str, Any] | None = _statement(change.remove) if change.remove else None
    return {
        "layer": change.layer.value,
        "level": change.level or None,
        "policy": _policy(change.attached) if change.attached else None,
        "remove": removed,
        "add": change.statement,
    }
