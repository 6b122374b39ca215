"""Which actions of the catalogue take a resource, by the form of its ARN."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from doorward.catalog.actions import action, actions_of, service_prefixes
from doorward.catalog.resource_types import resource_types
from doorward.policy import Arn
from doorward.policy.match import ANY, Match, Token, glob, joined, wildcards

_VARIABLE = re.compile(r"\$\{[^}]*\}")


class _Form(NamedTuple):
    """One resource type: the test of its ARNs, and how much of them is fixed."""

    prefix: str
    name: str
    matches: Match
    fixed: int


def actions_on(resource: str) -> tuple[str, ...]:
    """The actions that may be asked about this resource, in AWS's spelling, by service and name.

    For `*` those that take no resource; for an ARN that no service describes, all actions of the
    service it names.
    """
    if resource == "*":
        return _of_no_resource()
    arn = Arn.parse(resource)
    found = tuple(name for form in _forms_of(resource) for name in _taking(form.prefix, form.name))
    if found or arn is None:
        return tuple(sorted(set(found), key=lambda name: name.split(":")))
    return actions_of(arn.service)


def _forms_of(resource: str) -> Iterator[_Form]:
    """The types the resource is of, for each service the most exact ones.

    `arn:aws:s3:::bucket/key` has the form of a bucket's ARN too; more of an object's is fixed.
    """
    matching = [form for form in _forms() if form.matches(resource)]
    most: dict[str, int] = {}
    for form in matching:
        most[form.prefix] = max(most.get(form.prefix, 0), form.fixed)
    return (form for form in matching if form.fixed == most[form.prefix])


@cache
def _forms() -> tuple[_Form, ...]:
    return tuple(
        _form(prefix, kind.name, kind.arn_pattern)
        for prefix in service_prefixes()
        for kind in resource_types(prefix)
    )


def _form(prefix: str, name: str, pattern: str) -> _Form:
    pieces = _VARIABLE.split(pattern)
    tokens: list[Token] = wildcards(pieces[0])
    for piece in pieces[1:]:
        tokens += (ANY, *wildcards(piece))
    return _Form(prefix, name, glob(joined(tokens)), sum(map(len, pieces)))


@cache
def _taking(prefix: str, kind: str) -> tuple[str, ...]:
    return tuple(
        name
        for name in actions_of(prefix)
        if (fact := action(name)) and any(use.name == kind for use in fact.resource_types)
    )


@cache
def _of_no_resource() -> tuple[str, ...]:
    return tuple(
        name
        for prefix in service_prefixes()
        for name in actions_of(prefix)
        if (fact := action(name)) and not fact.resource_types
    )
