"""What another part of the same policy says already."""

import re
from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.patterns import covers
from doorward.analysis.validate.reading import Condition, Document, Statement, Text
from doorward.analysis.validate.registry import TRUST, Hit, check, check_document
from doorward.policy.arn import Arn
from doorward.policy.conditions.numeric import number

_BOUNDS: Final = ("numericlessthan", "numericgreaterthan")
_OPEN: Final = re.compile(r"[*?]")
_MANY: Final = 400
"""Patterns of one element; SPEED: each is held against each."""


def _covered(texts: tuple[Text, ...], *, folded: bool) -> Iterator[tuple[Text, str]]:
    """Each that an other one of them covers, of two equal ones the later."""
    spelled = [each.text.lower() if folded else each.text for each in texts[:_MANY]]
    wide = [(_OPEN.split(each)[0], each) for each in dict.fromkeys(spelled) if _OPEN.search(each)]
    seen: set[str] = set()
    for text, own in zip(texts, spelled, strict=False):
        by = own if own in seen else _wider(wide, own)
        seen.add(own)
        if by:
            yield text, by


def _wider(wide: list[tuple[str, str]], own: str) -> str:
    """A pattern that covers this one and is not the same; else empty."""
    for head, pattern in wide:
        # SPEED: nearly all differ before their first wildcard.
        if own.startswith(head) and pattern != own and covers(pattern, own):
            return pattern
    return ""


@check("REDUNDANT_ACTION", Severity.SUGGESTION)
def covered_action(statement: Statement) -> Iterator[Hit]:
    """An action is covered by another pattern of the same element."""
    for element in (statement.actions, statement.not_actions):
        for text, by in _covered(element, folded=True):
            yield Hit(text.at, f"{text.text[:60]} is covered by {by[:60]}.")


@check("REDUNDANT_RESOURCE", Severity.SUGGESTION)
def covered_resource(statement: Statement) -> Iterator[Hit]:
    """A resource is covered by another pattern of the same element."""
    for element in (statement.resources, statement.not_resources):
        for text, by in _covered(element, folded=False):
            yield Hit(text.at, f"{text.text[:60]} is covered by {by[:60]}.")


@check_document("REDUNDANT_STATEMENT", Severity.SUGGESTION)
def statement_twice(document: Document) -> Iterator[Hit]:
    """Two statements say the same, whatever their Sids."""
    seen: set[object] = set()
    for statement in document.statements:
        mark = _meaning(statement)
        if mark in seen:
            yield Hit(statement.at, "An earlier statement says the same.")
        seen.add(mark)


def _meaning(statement: Statement) -> object:
    """The statement without its Sid and without the order of its elements."""
    members = statement.at.members
    said = ((each.name, _plain(each.node.value)) for each in members if each.name != "Sid")
    return frozenset(said)


def _plain(value: object) -> object:
    """A value without its places."""
    if isinstance(value, tuple):
        return tuple(
            (each.name, _plain(each.node.value)) if hasattr(each, "name") else _plain(each.value)
            for each in value
        )
    return value


@check("REDUNDANT_CONDITION_VALUE_NUM", Severity.SUGGESTION)
def several_bounds(statement: Statement) -> Iterator[Hit]:
    """Of several numeric bounds the widest decides."""
    for condition in statement.conditions:
        if condition.base.startswith(_BOUNDS) and _numbers(condition):
            yield Hit(condition.value, "Of several bounds the widest decides; keep that one.")


def _numbers(condition: Condition) -> bool:
    return len(condition.values) > 1 and all(number(text) is not None for text in condition.texts)


@check("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", Severity.SUGGESTION, kinds=TRUST)
def session_beside_its_role(statement: Statement) -> Iterator[Hit]:
    """A session is named beside its own role, which lets every session of it in."""
    roles = {_role(name.text) for name in statement.principals if ":role/" in name.text}
    for name in statement.principals:
        if ":assumed-role/" in name.text and _role(name.text) in roles:
            yield Hit(name.at, f"{name.text[:80]} is covered by its role.")


def _role(arn: str) -> tuple[str, str]:
    """Account and name of the role."""
    parsed = Arn.parse(arn)
    if parsed is None:
        return "", arn
    if parsed.resource_type == "assumed-role":
        return parsed.account, parsed.resource_id.partition("/")[0]
    return parsed.account, parsed.name
