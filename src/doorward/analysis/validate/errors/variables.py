"""Policy variables: how they are written, and where they work."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import At, Document, Statement
from doorward.analysis.validate.registry import Hit, check, check_document
from doorward.policy.document import VERSIONS
from doorward.policy.variables import CURRENT

_ESCAPES: Final = frozenset("*?$")
_PLACES: Final = ("Action", "NotAction", "Principal", "NotPrincipal", "Effect")


class Use(NamedTuple):
    """What stands behind `${`, up to the brace; `closed` says whether there is one."""

    at: At
    body: str
    closed: bool

    @property
    def key(self) -> str:
        """The part before the default."""
        return self.body.partition(",")[0]


def uses(at: At) -> Iterator[Use]:
    """The variables of a string."""
    rest = at.written
    while "${" in rest:
        body, brace, rest = rest.partition("${")[2].partition("}")
        if not (brace and body in _ESCAPES):
            yield Use(at, body, bool(brace))


def _living(statement: Statement) -> Iterator[Use]:
    """The variables where variables work: resources and the values of conditions."""
    for text in (*statement.resources, *statement.not_resources):
        yield from uses(text.at)
    for condition in statement.conditions:
        for value in condition.values:
            yield from uses(value)


@check("MISSING_BRACE_IN_VARIABLE", Severity.ERROR)
def unclosed_variable(statement: Statement) -> Iterator[Hit]:
    """A variable ends with a brace; without it the text is compared as it stands."""
    for use in _living(statement):
        if not use.closed:
            yield Hit(use.at, f'The variable "${{{use.body[:40]}" is not closed with }}.')


@check("EMPTY_VARIABLE", Severity.ERROR)
def nameless_variable(statement: Statement) -> Iterator[Hit]:
    """`${}` names no key."""
    for use in _living(statement):
        if use.closed and not use.key.strip():
            yield Hit(use.at, "A variable names a key, as in ${aws:username}.")


@check("UNSUPPORTED_SPACE_IN_VARIABLE", Severity.ERROR)
def space_in_variable(statement: Statement) -> Iterator[Hit]:
    """A variable's name has no space in front, behind or inside."""
    for use in _living(statement):
        # Tag keys are user text and may hold spaces.
        name = use.key.partition("/")[0] if "/" in use.key.strip() else use.key
        if use.closed and use.key.strip() and " " in name:
            yield Hit(use.at, f'There is a space in the variable "${{{use.body[:40]}}}".')


@check("MISSING_QUOTE_IN_VARIABLE", Severity.ERROR)
def unquoted_default(statement: Statement) -> Iterator[Hit]:
    """The default of a variable stands between single quotes: `${key, 'default'}`."""
    for use in _living(statement):
        default = use.body.partition(",")[2].strip()
        quoted = len(default) > 1 and default[0] == default[-1] == "'"
        if use.closed and "," in use.body and not quoted:
            yield Hit(use.at, f'The default in "${{{use.body[:40]}}}" is not in single quotes.')


@check("VARIABLE_UNSUPPORTED_IN_ELEMENT", Severity.ERROR)
def variable_elsewhere(statement: Statement) -> Iterator[Hit]:
    """Variables work in resources and in the values of conditions only."""
    for name in _PLACES:
        element = statement.element(name)
        for at in _strings(element) if element else ():
            if any(use.closed for use in uses(at)):
                yield Hit(at, f"{name} takes no variable: it is compared as it stands.")


def _strings(element: At) -> Iterator[At]:
    yield from element.items
    for member in element.members:
        yield from At(member.node, (*element.path, member.name)).items


@check_document("VARIABLE_UNSUPPORTED_IN_VERSION", Severity.ERROR)
def variable_of_a_later_version(document: Document) -> Iterator[Hit]:
    """Variables came with version 2012-10-17; before it they are plain text."""
    if document.version == CURRENT:
        return
    version = document.root.member("Version")
    fixes = (instead("use the current version", version, VERSIONS[0]),) if version else ()
    for statement in document.statements:
        for use in _living(statement):
            if use.closed and ":" in use.key:
                message = (
                    f'"${{{use.body[:40]}}}" is plain text here: variables need '
                    f'"Version": "{VERSIONS[0]}".'
                )
                yield Hit(use.at, message, fixes)


@check("INVALID_VARIABLE_FOR_OPERATOR", Severity.ERROR)
def variable_of_another_operator(statement: Statement) -> Iterator[Hit]:
    """Variables work with the string and ARN operators."""
    if statement.document.version != CURRENT:
        return
    for condition in statement.conditions:
        if condition.known is None or condition.known.variables:
            continue
        for value in condition.values:
            if any(use.closed for use in uses(value)):
                yield Hit(value, f"{condition.operator.written[:60]} takes no variables.")
