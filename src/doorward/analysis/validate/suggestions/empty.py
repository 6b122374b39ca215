"""Elements with nothing in them."""

from collections.abc import Iterator

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.reading import At, Condition, Statement
from doorward.analysis.validate.registry import Hit, check
from doorward.policy.source import Items, Members


def _is_empty_list(at: At | None) -> bool:
    return at is not None and isinstance(at.node.value, Items) and not at.node.value


def _lists(statement: Statement, *names: str) -> Iterator[Hit]:
    for name in names:
        element = statement.element(name)
        if element and _is_empty_list(element):
            yield Hit(element, f"{name} is an empty list: the statement never applies.")


@check("EMPTY_ARRAY_ACTION", Severity.SUGGESTION)
def no_actions(statement: Statement) -> Iterator[Hit]:
    """Action is an empty list, so the statement never applies."""
    yield from _lists(statement, "Action", "NotAction")


@check("EMPTY_ARRAY_RESOURCE", Severity.SUGGESTION)
def no_resources(statement: Statement) -> Iterator[Hit]:
    """Resource is an empty list, so the statement never applies."""
    yield from _lists(statement, "Resource", "NotResource")


@check("EMPTY_ARRAY_PRINCIPAL", Severity.SUGGESTION)
def no_principals(statement: Statement) -> Iterator[Hit]:
    """A type of principal has an empty list, and names nobody."""
    for element in _principals(statement):
        for member in element.members:
            at = At(member.node, (*element.path, member.name))
            if _is_empty_list(at):
                yield Hit(at, f"{member.name} is an empty list: it names nobody.")


@check("EMPTY_OBJECT_PRINCIPAL", Severity.SUGGESTION)
def nobody(statement: Statement) -> Iterator[Hit]:
    """Principal is an empty object, and names nobody."""
    for element in _principals(statement):
        if element.node.value == Members() and isinstance(element.node.value, Members):
            yield Hit(element, "An empty object names nobody.")


def _principals(statement: Statement) -> Iterator[At]:
    for name in ("Principal", "NotPrincipal"):
        element = statement.element(name)
        if element:
            yield element


@check("EMPTY_OBJECT_CONDITION", Severity.SUGGESTION)
def no_condition(statement: Statement) -> Iterator[Hit]:
    """Condition is an empty object, and asks nothing."""
    element = statement.element("Condition")
    if element and isinstance(element.node.value, Members) and not element.members:
        yield Hit(element, "An empty Condition asks nothing; leave it out.")


@check("EMPTY_SID_VALUE", Severity.SUGGESTION)
def no_name(statement: Statement) -> Iterator[Hit]:
    """Sid is an empty text."""
    sid = statement.element("Sid")
    if sid and sid.text == "":
        yield Hit(sid, "An empty Sid says nothing; name the statement, or leave it out.")


def _without_values(statement: Statement) -> Iterator[Condition]:
    return (each for each in statement.conditions if _is_empty_list(each.value))


@check("EMPTY_ARRAY_CONDITION", Severity.SUGGESTION)
def no_values(statement: Statement) -> Iterator[Hit]:
    """A condition lists no value, and never holds."""
    for condition in _without_values(statement):
        if not condition.quantifier and not condition.if_exists:
            yield Hit(condition.value, "No value is listed.")


@check("EMPTY_ARRAY_CONDITION_FORALLVALUES", Severity.SUGGESTION)
def all_of_none(statement: Statement) -> Iterator[Hit]:
    """ForAllValues over no value holds only where the key is missing."""
    for condition in _without_values(statement):
        if condition.quantifier == "forallvalues":
            yield Hit(condition.value, "True only where the key is missing; say so with Null true.")


@check("EMPTY_ARRAY_CONDITION_FORANYVALUE", Severity.SUGGESTION)
def any_of_none(statement: Statement) -> Iterator[Hit]:
    """ForAnyValue over no value never holds."""
    for condition in _without_values(statement):
        if condition.quantifier == "foranyvalue":
            yield Hit(condition.value, "ForAnyValue over no value never holds.")


@check("EMPTY_ARRAY_CONDITION_IFEXISTS", Severity.SUGGESTION)
def if_exists_of_none(statement: Statement) -> Iterator[Hit]:
    """IfExists over no value holds only where the key is missing."""
    for condition in _without_values(statement):
        if condition.if_exists and not condition.quantifier:
            yield Hit(condition.value, "True only where the key is missing; say so with Null true.")
