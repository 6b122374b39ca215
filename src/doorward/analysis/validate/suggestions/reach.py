"""Statements that reach less, or name more, than they seem to."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.grants import asks
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import RESOURCE, Hit, check
from doorward.analysis.validate.tags import listed, services_without, tag_conditions

_WILD: Final = frozenset("*?")
_WEAK: Final = ("aws:referer", "aws:useragent", "aws:sourceip")


@check("WILDCARD_IN_SERVICE_NAME", Severity.SUGGESTION)
def open_service(statement: Statement) -> Iterator[Hit]:
    """A wildcard in the service of an action or ARN is compared as text, and matches nothing."""
    for text in (*statement.actions, *statement.not_actions):
        service, colon, _ = text.text.partition(":")
        if colon and _WILD & set(service):
            yield Hit(text.at, f'"{service[:40]}" matches no service: its name is written out.')
    for text in (*statement.resources, *statement.not_resources):
        fields = text.text.split(":")
        if len(fields) > 3 and fields[0] == "arn" and _WILD & set(fields[2]):  # noqa: PLR2004 - arn:partition:service:
            yield Hit(text.at, f'"{fields[2][:40]}" matches no service: its name is written out.')


@check("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity.SUGGESTION)
def allow_by_a_tag_nobody_sends(statement: Statement) -> Iterator[Hit]:
    """An Allow asks for a tag that requests of a service named there never carry."""
    for condition in tag_conditions(statement) if statement.allows else ():
        services = services_without(statement, condition.name)
        if services:
            message = f"Never carried by {listed(services)}: nothing of theirs is allowed."
            yield Hit(condition.key, message)


@check("ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Severity.SUGGESTION)
def allow_the_rest_by_a_tag(statement: Statement) -> Iterator[Hit]:
    """An Allow of all but some actions asks for a tag; services without tags are not allowed."""
    if statement.allows and statement.not_actions:
        for condition in tag_conditions(statement):
            yield Hit(condition.key, "Only services whose requests carry the tag are allowed.")


@check("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Severity.SUGGESTION, kinds=RESOURCE)
def service_narrowed_otherwise(statement: Statement) -> Iterator[Hit]:
    """A service is narrowed by a key that does not say for whom it acts."""
    if not any(name.kind == "Service" for name in statement.principals):
        return
    for condition in statement.conditions:
        if statement.allows and condition.name in _WEAK and not asks(statement, "aws:sourcearn"):
            message = "Ask aws:SourceArn or aws:SourceAccount of a service instead."
            yield Hit(condition.key, message)
