"""Conditions that can be said more simply, or that always or never hold."""

from collections.abc import Iterator

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.networks import cleaned, is_private
from doorward.analysis.validate.reading import Condition, Statement, quoted
from doorward.analysis.validate.registry import Hit, check
from doorward.analysis.validate.security.conditions import AUDIENCE
from doorward.catalog.keys import key_fact


@check("use-string-for-bool", Severity.SUGGESTION)
def boolean_without_quotes(statement: Statement) -> Iterator[Hit]:
    """A boolean is written without quotes; it is compared as text, and text is what AWS shows."""
    for condition in statement.conditions:
        for value in condition.values:
            if isinstance(value.node.value, bool):
                fixes = (instead("put it in quotes", value, value.written),)
                yield Hit(value, f"Write {quoted(value.written)}: values are text.", fixes)


@check("NULL_WITH_QUALIFIER", Severity.SUGGESTION)
def null_over_a_set(statement: Statement) -> Iterator[Hit]:
    """Null asks about the key as a whole; over a set it always or never holds."""
    for condition in statement.conditions:
        if condition.base == "null" and condition.quantifier:
            always = "always" if condition.quantifier == "forallvalues" else "never"
            fixes = (instead("write Null", condition.operator, "Null"),)
            yield Hit(condition.operator, f"This {always} holds.", fixes)


def _is_any(condition: Condition) -> bool:
    """Whether a pattern among the values takes every text."""
    return condition.base in {"stringlike", "stringnotlike"} and "*" in condition.texts


@check("EQUIVALENT_TO_NULL_FALSE", Severity.SUGGESTION)
def merely_present(statement: Statement) -> Iterator[Hit]:
    """The condition holds wherever the key is there; `Null` `false` says so."""
    for condition in statement.conditions:
        required = not condition.if_exists and condition.quantifier != "forallvalues"
        if _is_any(condition) and not condition.negated and required:
            yield Hit(condition.operator, 'This asks whether the key is there: Null "false".')


@check("EQUIVALENT_TO_NULL_TRUE", Severity.SUGGESTION)
def merely_absent(statement: Statement) -> Iterator[Hit]:
    """The condition holds only where the key is missing; `Null` `true` says so."""
    for condition in statement.conditions:
        if _is_any(condition) and condition.negated and condition.quantifier != "foranyvalue":
            yield Hit(condition.operator, 'This asks whether the key is missing: Null "true".')


@check("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", Severity.SUGGESTION)
def always_holds(statement: Statement) -> Iterator[Hit]:
    """The condition holds with the key and without it."""
    for condition in statement.conditions:
        optional = condition.if_exists or condition.quantifier == "forallvalues"
        if _is_any(condition) and not condition.negated and optional:
            yield Hit(condition.key, "This always holds, with the key and without it.")


@check("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", Severity.SUGGESTION)
def never_holds(statement: Statement) -> Iterator[Hit]:
    """The condition holds for no request, so the statement never applies."""
    for condition in statement.conditions:
        if _is_any(condition) and condition.negated and condition.quantifier == "foranyvalue":
            yield Hit(condition.key, "This never holds: the statement never applies.")


@check("IMPROVE_IP_RANGE", Severity.SUGGESTION)
def bits_behind_the_mask(statement: Statement) -> Iterator[Hit]:
    """A range has bits behind its mask, which are ignored."""
    for condition in statement.conditions:
        for value in condition.values if condition.is_of("IpAddress") else ():
            mended = cleaned(value.written)
            if mended:
                fixes = (instead(f"write {mended}", value, mended),)
                yield Hit(value, f"{value.written} is read as {mended}.", fixes)


@check("PRIVATE_IP_ADDRESS_SUBSET", Severity.SUGGESTION)
def some_private_addresses(statement: Statement) -> Iterator[Hit]:
    """aws:SourceIp is a public address; the private ones of the list never match."""
    yield from _some_private(statement, "ipaddress", "never matches")


@check("PRIVATE_NOT_IP_ADDRESS_SUBSET", Severity.SUGGESTION)
def some_private_addresses_kept_out(statement: Statement) -> Iterator[Hit]:
    """aws:SourceIp is a public address; the private ones of the list have no effect."""
    yield from _some_private(statement, "notipaddress", "has no effect")


def _some_private(statement: Statement, operator: str, outcome: str) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name != "aws:sourceip" or condition.base != operator:
            continue
        private = [value for value in condition.values if is_private(value.written)]
        if private and len(private) < len(condition.values):
            for value in private:
                yield Hit(value, f"{value.written} is private, and {outcome} here.")


@check("CONFIRM_AUDIENCE_CLAIM_TYPE", Severity.SUGGESTION)
def audience_as_a_set(statement: Statement) -> Iterator[Hit]:
    """`aud` has one value with most providers; a set operator is right for the others only."""
    for condition in statement.conditions:
        asked = condition.name.endswith(AUDIENCE) and condition.quantifier
        if asked and key_fact(condition.key.written) is None:
            message = f"Does {condition.key.written[:60]} hold many values with this provider?"
            yield Hit(condition.operator, message)
