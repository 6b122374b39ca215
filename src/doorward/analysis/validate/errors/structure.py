"""The document as a whole: its elements and their JSON types."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.likeness import nearest
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import At, Document, Statement
from doorward.analysis.validate.registry import Hit, check, check_document
from doorward.policy.document import VERSIONS
from doorward.policy.source import Items, Members

_TOP: Final = ("Version", "Id", "Statement")
_PAIRS: Final = ("Principal", "Action", "Resource")
_IN_STATEMENT: Final = ("Sid", "Effect", "Condition", *_PAIRS, *(f"Not{name}" for name in _PAIRS))
_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_TEXTS: Final = ("Sid", "Effect")


@check_document("INVALID_VERSION", Severity.ERROR)
def unknown_version(document: Document) -> Iterator[Hit]:
    """Version is neither `2012-10-17` nor `2008-10-17`."""
    version = document.root.member("Version")
    if version and version.text is not None and version.text not in VERSIONS:
        message = f'"{version.text[:40]}" is no version of the language.'
        yield Hit(version, message, (instead("use the current version", version, VERSIONS[0]),))


@check_document("MISSING_STATEMENT", Severity.ERROR)
def no_statement(document: Document) -> Iterator[Hit]:
    """The policy has no Statement, or an empty list of them."""
    root = document.root
    if not isinstance(root.node.value, Members):
        return
    body = root.member("Statement")
    if body is None:
        yield Hit(root, "A policy needs a Statement.", tuple(_wrapped(document)))
    elif body.is_list and not body.node.value:
        yield Hit(body, "A policy needs at least one statement.")


def _wrapped(document: Document) -> Iterator[Fix]:
    """What stands here as the one statement of a policy, where it looks like one."""
    node = document.root.node
    if any(member.name in _IN_STATEMENT for member in document.root.members):
        inner = document.text[node.start : node.end]
        text = f'{{\n  "Version": "{VERSIONS[0]}",\n  "Statement": [{inner}]\n}}'
        yield Fix("wrap it in a policy", node.start, node.end, text)


@check_document("INVALID_POLICY_ELEMENT", Severity.ERROR)
def unknown_element(document: Document) -> Iterator[Hit]:
    """The grammar of policies has no element of this name; names are case-sensitive."""
    yield from _unknown(document, document.root, _TOP)
    for statement in document.statements:
        yield from _unknown(document, statement.at, _IN_STATEMENT)


def _unknown(document: Document, at: At, names: tuple[str, ...]) -> Iterator[Hit]:
    for member in at.members:
        if member.name in names:
            continue
        # What looks like a statement without a policy around it is told as that.
        if not at.path and member.name in _IN_STATEMENT and "Statement" not in _names(at):
            continue
        name = document.name(member.name, member.at, (*at.path, member.name))
        message = f'A {"statement" if at.path else "policy"} has no element "{member.name[:40]}".'
        meant = nearest(member.name, names)
        fixes = (instead(f"write {meant}", name, meant),) if meant else ()
        yield Hit(name, message, fixes)


def _names(at: At) -> set[str]:
    return {member.name for member in at.members}


@check_document("DATA_TYPE_MISMATCH", Severity.ERROR)
def wrong_json_type(document: Document) -> Iterator[Hit]:
    """An element holds JSON of another type than the one it needs."""
    root = document.root
    if not isinstance(root.node.value, Members):
        yield Hit(root, "A policy is a JSON object.")
    for name in ("Version", "Id"):
        yield from _no_text(root, name)
    body = root.member("Statement")
    for item in body.items if body else ():
        if not isinstance(item.node.value, Members):
            yield Hit(item, "A statement is an object.")
    for statement in document.statements:
        yield from _wrong_in(statement)


def _wrong_in(statement: Statement) -> Iterator[Hit]:
    for name in _TEXTS:
        yield from _no_text(statement.at, name)
    for name in _LISTS:
        element = statement.element(name)
        yield from _no_texts(element, name) if element else ()
    for name in ("Principal", "NotPrincipal"):
        element = statement.element(name)
        for member in element.members if element else ():
            yield from _no_texts(At(member.node, (*_path(element), member.name)), member.name)
    condition = statement.element("Condition")
    yield from _wrong_condition(condition) if condition else ()


def _path(at: At | None) -> tuple[str | int, ...]:
    return at.path if at else ()


def _no_text(at: At, name: str) -> Iterator[Hit]:
    element = at.member(name)
    if element and element.text is None:
        yield Hit(element, f"{name} is a string.")


def _no_texts(at: At, name: str) -> Iterator[Hit]:
    for item in at.items:
        if item.text is None:
            yield Hit(item, f"{name} is a string or a list of strings.")


def _wrong_condition(condition: At) -> Iterator[Hit]:
    if not isinstance(condition.node.value, Members):
        yield Hit(condition, "Condition is an object of operators.")
    for operator in condition.members:
        at = At(operator.node, (*condition.path, operator.name))
        if not isinstance(operator.node.value, Members):
            yield Hit(at, "An operator holds an object of condition keys.")
        for key in at.members:
            yield from _no_values(At(key.node, (*at.path, key.name)))


def _no_values(at: At) -> Iterator[Hit]:
    for item in at.items:
        if item.node.value is None or isinstance(item.node.value, Items | Members):
            yield Hit(item, "A value is a string, a number or a boolean.")


@check("INVALID_EFFECT", Severity.ERROR)
def unknown_effect(statement: Statement) -> Iterator[Hit]:
    """Effect is `Allow` or `Deny`, with this case."""
    effect = statement.element("Effect")
    if not effect or effect.text is None or statement.effect:
        return
    meant = nearest(effect.text, ("Allow", "Deny"))
    fixes = (instead(f"write {meant}", effect, meant),) if meant else ()
    yield Hit(effect, f'Effect is Allow or Deny, not "{effect.text[:40]}".', fixes)
