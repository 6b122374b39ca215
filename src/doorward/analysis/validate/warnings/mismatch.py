"""Actions on resources they never act on."""

from collections.abc import Iterator
from functools import lru_cache

from doorward.analysis.validate.arns import Form, fitting, forms, is_open, split
from doorward.analysis.validate.errors.resources import without_colon
from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.mending import element_edit, rewritten
from doorward.analysis.validate.reading import Statement, Text, quoted
from doorward.analysis.validate.registry import IDENTITY, Hit, check
from doorward.catalog.actions import ActionFact, action
from doorward.policy.arn import FIELDS


@check("action-resource-mismatch", Severity.WARNING, kinds=IDENTITY)
def acts_on_none_of_these(statement: Statement) -> Iterator[Hit]:
    """An action never acts on the resources it stands beside, so this says nothing about it."""
    arns = [_corrected(text) for text in statement.resources]
    if not arns or any(split(arn) is None for arn in arns):
        return
    idle = [
        (text, fact)
        for text in statement.actions
        if (fact := action(text.text)) and not any(_takes(fact, arn) for arn in arns)
    ]
    for text, fact in idle:
        yield Hit(text.at, _message(fact), tuple(_apart(statement, idle, arns)))


def _corrected(text: Text) -> str:
    """The ARN as it is meant: without a colon that is too many."""
    fixes = without_colon(text) if ":::" in text.text else ()
    return fixes[0].text.strip('"') if fixes and text.text.count(":") >= FIELDS else text.text


@lru_cache(maxsize=8192)
def _takes(fact: ActionFact, arn: str) -> bool:
    """Whether the action acts on resources of this form; so it is for forms nobody knows."""
    written = split(arn)
    found = fitting(written) if written else ()
    if not written or (not found and not is_open(written.service)):
        return True
    return any(_is_kind(fact, form) for form in found)


def _is_kind(fact: ActionFact, form: Form) -> bool:
    return any(use.name.lower() == form.kind.name.lower() for use in fact.resource_types)


def _message(fact: ActionFact) -> str:
    names = [use.name for use in fact.resource_types]
    if not names:
        return f'{fact.name} acts on no resource: it needs "*".'
    return f"{fact.name} acts on {' or '.join(names[:4])}, and none of these resources is one."


def _apart(
    statement: Statement, idle: list[tuple[Text, ActionFact]], arns: list[str]
) -> Iterator[Fix]:
    """Two statements: the idle actions on resources of their own, the others as they are."""
    own = sorted({arn for _, fact in idle for arn in _own(fact, arns)})
    others = [each.text for each in statement.actions if each.text not in _names(idle)]
    if not own or not others:
        return
    one = _with(statement, sorted(_names(idle)), own, suffix="2")
    two = _with(statement, others, arns, suffix="")
    start, end = statement.at.node.start, statement.at.node.end
    alone = len(statement.at.path) == 1
    text = f"[{one}, {two}]" if alone else f"{one},\n{two}"
    yield Fix("put them into two statements", start, end, text)


def _names(idle: list[tuple[Text, ActionFact]]) -> set[str]:
    return {text.text for text, _ in idle}


def _own(fact: ActionFact, arns: list[str]) -> Iterator[str]:
    """What the action acts on: `*`, or what these resources stand in, as an object in a bucket."""
    if not fact.resource_types:
        yield "*"
        return
    for arn in arns:
        written = split(arn)
        for form in fitting(written) if written and "${" not in arn else ():
            yield from (
                above for use in fact.resource_types if (above := _above(form, arn, use.name))
            )


def _above(form: Form, arn: str, wanted: str) -> str:
    """The ARN cut where the resource of the wanted kind ends; empty where it is not above."""
    for other in forms(form.service):
        if other.kind.name == wanted and form.template.startswith(f"{other.template}/"):
            parts = arn.split("/")
            return "/".join(parts[: other.template.count("/") + 1])
    return ""


def _with(statement: Statement, actions: list[str], arns: list[str], *, suffix: str) -> str:
    edits = [
        *element_edit(statement, "Action", f'"Action": {_listed(actions)}'),
        *element_edit(statement, "Resource", f'"Resource": {_listed(arns)}'),
    ]
    sid = statement.element("Sid")
    if suffix and sid and sid.text:
        edits += element_edit(statement, "Sid", f'"Sid": {quoted(sid.text + suffix)}')
    return rewritten("", statement, edits).text


def _listed(texts: list[str]) -> str:
    inside = ", ".join(map(quoted, texts))
    return inside if len(texts) == 1 else f"[{inside}]"
