"""A Deny that rests on tags does not reach services without tags."""

from collections.abc import Iterator

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import Hit, check
from doorward.analysis.validate.tags import listed, services_without, tag_conditions


@check("DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity.SECURITY_WARNING)
def deny_by_a_tag_nobody_sends(statement: Statement) -> Iterator[Hit]:
    """A Deny asks for a tag that requests of a service named there never carry."""
    for condition in tag_conditions(statement) if statement.denies else ():
        services = services_without(statement, condition.name)
        if services:
            message = f"Never carried by {listed(services)}: the Deny does not reach them."
            yield Hit(condition.key, message)


@check("DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity.SECURITY_WARNING)
def deny_the_rest_by_a_tag(statement: Statement) -> Iterator[Hit]:
    """A Deny of all but some actions asks for a tag; services without tags escape it."""
    if statement.denies and statement.not_actions:
        for condition in tag_conditions(statement):
            message = "Services whose requests carry no such tag escape this Deny."
            yield Hit(condition.key, message)
