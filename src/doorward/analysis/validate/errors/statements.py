"""What a statement must have, and what it must not."""

import re
from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import Document, Statement
from doorward.analysis.validate.registry import (
    IDENTITY,
    RCP,
    RESOURCE,
    SCP,
    TRUST,
    Hit,
    check,
    check_document,
)

_PAIRS: Final = ("Principal", "Action", "Resource")
_SID: Final = re.compile(r"[A-Za-z0-9]*+")


@check("MISSING_EFFECT", Severity.ERROR)
def no_effect(statement: Statement) -> Iterator[Hit]:
    """The statement does not say whether it allows or denies."""
    if not statement.has("Effect"):
        yield Hit(statement.at, "A statement needs Effect.")


@check("MISSING_ACTION", Severity.ERROR)
def no_action(statement: Statement) -> Iterator[Hit]:
    """The statement has neither Action nor NotAction."""
    yield from _missing(statement, "Action")


@check("MISSING_RESOURCE", Severity.ERROR, kinds=(*IDENTITY, *RESOURCE, *SCP, *RCP))
def no_resource(statement: Statement) -> Iterator[Hit]:
    """The statement has neither Resource nor NotResource; trust policies need none."""
    yield from _missing(statement, "Resource")


@check("MISSING_PRINCIPAL", Severity.ERROR, kinds=(*RESOURCE, *TRUST, *RCP))
def no_principal(statement: Statement) -> Iterator[Hit]:
    """A policy on a resource says whom each statement is about."""
    yield from _missing(statement, "Principal")


def _missing(statement: Statement, name: str) -> Iterator[Hit]:
    if not statement.has(name) and not statement.has(f"Not{name}"):
        yield Hit(statement.at, f"A statement needs {name} or Not{name}.")


@check("UNSUPPORTED_ELEMENT_COMBINATION", Severity.ERROR)
def both_of_a_pair(statement: Statement) -> Iterator[Hit]:
    """Action and NotAction exclude each other, as do Resource and Principal and their negations."""
    for name in _PAIRS:
        negation = statement.element(f"Not{name}")
        if statement.has(name) and negation:
            yield Hit(negation, f"{name} and Not{name} exclude each other.")


@check("UNSUPPORTED_PRINCIPAL", Severity.ERROR, kinds=IDENTITY)
def principal_of_the_holder(statement: Statement) -> Iterator[Hit]:
    """A policy on a user, group or role is about its holder and names nobody."""
    for name in ("Principal", "NotPrincipal"):
        element = statement.element(name)
        if element:
            message = f"{name} belongs into policies on resources; this one is about its holder."
            yield Hit(element, message)


@check("UNSUPPORTED_SID", Severity.ERROR, kinds=(*IDENTITY, *TRUST, *SCP, *RCP))
def sid_with_other_characters(statement: Statement) -> Iterator[Hit]:
    """A Sid holds letters and digits only."""
    sid = statement.element("Sid")
    if sid and sid.text is not None and not _SID.fullmatch(sid.text):
        plain = "".join(char for char in sid.text if char.isascii() and char.isalnum())
        message = f'The Sid "{sid.text[:40]}" holds more than letters and digits.'
        yield Hit(sid, message, (instead("leave the others out", sid, plain),))


@check_document("UNIQUE_SIDS_REQUIRED", Severity.ERROR, kinds=(*IDENTITY, *TRUST, *SCP, *RCP))
def sid_twice(document: Document) -> Iterator[Hit]:
    """Each Sid stands once in a policy."""
    yield from repeated_sids(document)


def repeated_sids(document: Document) -> Iterator[Hit]:
    """Every Sid that an earlier statement has as well."""
    seen: set[str] = set()
    for statement in document.statements:
        sid = statement.element("Sid")
        if sid is None or not sid.text:
            continue
        if sid.text in seen:
            yield Hit(sid, f'The Sid "{sid.text[:40]}" stands twice.')
        seen.add(sid.text)
