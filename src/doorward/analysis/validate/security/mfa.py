"""Conditions on MFA that do not ask for MFA."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.mending import Edit, element_edit, rewritten
from doorward.analysis.validate.reading import Condition, Statement, quoted
from doorward.analysis.validate.registry import ALL, Hit, check

PRESENT: Final = "aws:multifactorauthpresent"
AGE: Final = "aws:multifactorauthage"


def wants_mfa(condition: Condition) -> bool:
    """Whether it is meant for sessions with MFA: present `true`, or an age below a bound."""
    if condition.name == AGE:
        return condition.base in {"numericlessthan", "numericlessthanequals"}
    return condition.name == PRESENT and _says(condition, "true")


def wants_no_mfa(condition: Condition) -> bool:
    """Whether it is meant for sessions without MFA: present `false`, or the key is missing."""
    if condition.base == "null" and condition.name in {PRESENT, AGE}:
        return [text.lower() for text in condition.texts] == ["true"]
    return condition.name == PRESENT and _says(condition, "false")


def _says(condition: Condition, word: str) -> bool:
    if condition.known is None or not condition.is_of("Bool", "String"):
        return False
    other = {"true": "false", "false": "true"}[word]
    wanted = other if condition.negated else word
    return [text.lower() for text in condition.texts] == [wanted]


def passes_without_key(condition: Condition) -> bool:
    """Whether a request without the key passes."""
    return condition.if_exists or condition.quantifier == "forallvalues" or condition.negated


@check("mfa-condition-fails-open", Severity.SECURITY_WARNING, kinds=ALL)
def mfa_fails_open(statement: Statement) -> Iterator[Hit]:
    """Requests signed with long-term keys carry no MFA key, and this condition lets them pass.

    In an Allow, `…IfExists` is true where the key is missing; in a Deny, `Bool` without it is
    false there.
    """
    for condition in statement.conditions:
        name = condition.operator.written
        if statement.allows and wants_mfa(condition) and passes_without_key(condition):
            message = (
                f"MFA is not required: long-term access keys carry no {condition.key.written}, "
                f"and {name} is true where the key is missing."
            )
            yield Hit(condition.operator, message, tuple(_corrected(statement, condition)))
        if statement.denies and _misses_keys(condition):
            message = (
                f"Long-term access keys get past this Deny: they carry no {condition.key.written}, "
                f"and {name} is false where the key is missing."
            )
            edits = [_operator(condition, "BoolIfExists")]
            fix = rewritten("deny without the key as well", statement, edits)
            yield Hit(condition.operator, message, (fix,))


def _misses_keys(condition: Condition) -> bool:
    if condition.base == "null" or not wants_no_mfa(condition):
        return False
    return not passes_without_key(condition)


def _corrected(statement: Statement, condition: Condition) -> Iterator[Fix]:
    """The two forms that ask for MFA; the second for a key that says yes or no."""
    strict = condition.operator.written.partition(":")[2] or condition.operator.written
    plain = "Bool" if condition.name == PRESENT else strict[: -len("IfExists")]
    yield rewritten("allow with MFA only", statement, [_operator(condition, plain)])
    if condition.name == PRESENT:
        edits = [
            _operator(condition, "BoolIfExists"),
            (condition.value.node.start, condition.value.node.end, quoted("false")),
            *element_edit(statement, "Effect", '"Effect": "Deny"'),
        ]
        yield rewritten("or deny without MFA, beside another Allow", statement, edits)


def _operator(condition: Condition, name: str) -> Edit:
    return condition.operator.node.start, condition.operator.node.end, quoted(name)
