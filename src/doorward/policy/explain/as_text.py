"""An explanation for people: the answer first, then why, then what would change it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from doorward.policy.decision import Outcome
from doorward.policy.document import Statement
from doorward.policy.explain.excerpt import excerpt
from doorward.policy.explain.explanation import Explanation
from doorward.policy.explain.formula import AllOf, Formula, Met
from doorward.policy.explain.places import place_in
from doorward.policy.explain.report import Change, ConditionRead, StatementRead
from doorward.policy.explain.words import TYPES, describe
from doorward.policy.request import Request
from doorward.policy.variables import Values

_MOST_NEAR: Final = 3
_MOST_VALUES: Final = 5
_MOST_CONDITIONS: Final = 5
_MOST_CHANGES: Final = 5
_MOST_PARTS: Final = 5
_MFA: Final = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
_HINT: Final = (
    "An MFA device may well be registered; the key says whether this session was started with it,\n"
    "and long-term access keys carry no such key at all."
)


def as_text(explanation: Explanation) -> str:
    """Some ten to forty lines, without colour."""
    request, decision = explanation.request, explanation.decision
    word = "ALLOWED" if decision.allowed else "DENIED"
    lines = [f"{word}: {_asked(request)}", f"  {describe(decision)}"]
    deciding = explanation.deciding
    if deciding:
        lines += _indented(excerpt(deciding.statement, request), "    ")
        lines += _indented(_conditions(deciding.conditions), "  ")
    if decision.outcome is Outcome.IMPLICITLY_DENIED:
        lines += _indented(_near(explanation), "  ")
    if not decision.allowed:
        lines += ["", *_remedy(explanation)]
    return "\n".join(lines)


def _asked(request: Request) -> str:
    who = request.principal.arn or request.principal.provider or "an anonymous caller"
    return f"{who}  {request.action}  on {request.resource}"


def _indented(lines: Iterable[str], margin: str) -> list[str]:
    return [margin + line for line in lines]


def _conditions(reads: Sequence[ConditionRead]) -> Iterator[str]:
    yield from map(condition_line, reads[:_MOST_CONDITIONS])
    if len(reads) > _MOST_CONDITIONS:
        yield f"… {len(reads) - _MOST_CONDITIONS} more conditions"


def condition_line(one: ConditionRead) -> str:
    """One condition: whether it is met, what was wanted and what came."""
    mark = "met" if one.holds else "not met"
    doubt = f" ({one.doubt})" if one.doubt else ""
    empty = f"; no value for {', '.join(one.unresolved)}" if one.unresolved else ""
    return (
        f"{mark}: {one.condition.operator} {one.condition.key} wants {_values(one.wanted)},"
        f" the request has {_came(one.came)}{empty}{doubt}"
    )


def _values(values: tuple[str, ...]) -> str:
    """One value as it is, several in brackets, many cut."""
    if len(values) == 1:
        return json.dumps(values[0])
    more = len(values) - _MOST_VALUES
    shown = ", ".join(map(json.dumps, values[:_MOST_VALUES]))
    return f"[{shown}, … {more} more]" if more > 0 else f"[{shown}]"


def _came(value: Values | None) -> str:
    if value is None:
        return "no such key"
    return json.dumps(value if isinstance(value, str) else list(value))[:200]


def _near(explanation: Explanation) -> Iterator[str]:
    """Statements of the layer that lacks an Allow which name the action, yet do not apply."""
    reads = [
        read
        for step in explanation.steps
        if step.layer is explanation.decision.layer and step.verdict is Outcome.IMPLICITLY_DENIED
        for read in step.reads
        if not read.statement.is_deny and read.failed
    ]
    reads.sort(key=lambda read: read.failed != "Condition")
    for read in reads[:_MOST_NEAR]:
        yield f"Near: {_where(read)} allows the action, but its {_failed(read)} does not match"
        yield from _indented(_conditions([one for one in read.conditions if not one.holds]), "  ")
        if read.unresolved:
            yield f"  no value for {', '.join(read.unresolved)}"
    if len(reads) > _MOST_NEAR:
        yield f"Near: {len(reads) - _MOST_NEAR} more statements"


def _where(read: StatementRead) -> str:
    return f"{_statement(read.statement)} of {read.attached.name}"


def _failed(read: StatementRead) -> str:
    """The element and where its value stands."""
    found = place_in(read.statement, read.failed)
    return f"{read.failed} (line {found[0]}, column {found[1]})" if found else read.failed


def _statement(statement: Statement) -> str:
    name = f'"{statement.sid}"' if statement.sid else str(statement.index)
    return f"statement {name}"


def _remedy(explanation: Explanation) -> Iterator[str]:
    changes = explanation.changes
    if changes is None:
        yield "No policy can allow this."
        return
    yield "To allow it:" if len(changes) == 1 else "To allow it, all of:"
    yield from _listed(changes)
    formula = explanation.allowed_if
    if formula is not None:
        yield "Or, with the policies as they are, if:"
        yield f"  {formula_text(formula)}"
    if any(_asks_mfa(read) for step in explanation.steps for read in step.near):
        yield _HINT


def _listed(changes: tuple[Change, ...]) -> Iterator[str]:
    """Many denials are cut; what is to be added is always told."""
    removed = sum(change.remove is not None for change in changes)
    for number, change in enumerate(changes, 1):
        if change.remove is None or number <= _MOST_CHANGES:
            yield f"  {number}. {change_line(change)}"
        if change.statement is not None:
            yield f"     {json.dumps(change.statement)}"
        elif number == removed > _MOST_CHANGES:
            yield f"  … and {removed - _MOST_CHANGES} more statements that deny"


def _asks_mfa(read: StatementRead) -> bool:
    """Whether it stands in the way because of how the session was started."""
    return any(
        one.condition.key.lower() in _MFA and one.holds is read.statement.is_deny
        for one in read.conditions
    )


def change_line(change: Change) -> str:
    """What is to be changed, and where."""
    kind = TYPES[change.layer]
    level = f" at level {change.level} from the root" if change.level else ""
    name = f" {change.attached.name}" if change.attached else ""
    if change.remove:
        holder = change.attached.attached_to if change.attached else None
        where = f" of {holder}" if holder else ""
        return f"remove or narrow {_statement(change.remove)} of {kind}{name}{where}{level}"
    return f"add to {'an' if kind[0] in 'aeiou' else 'a'} {kind}{name}{level}:"


def formula_text(formula: Formula) -> str:
    """Conditions joined by `and` and `or`, in brackets where it takes them; many are cut."""
    if isinstance(formula, Met):
        condition = formula.condition
        no = "not " if formula.negated else ""
        return f"{no}{condition.operator} {condition.key} {_values(condition.values)}"
    word = " and " if isinstance(formula, AllOf) else " or "
    parts = [
        formula_text(part) if isinstance(part, Met) else f"({formula_text(part)})"
        for part in formula.parts[:_MOST_PARTS]
    ]
    more = len(formula.parts) - _MOST_PARTS
    return word.join([*parts, f"… {more} more"] if more > 0 else parts)
