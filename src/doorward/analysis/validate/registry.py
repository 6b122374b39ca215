"""The checks, each entered under its code by the module that holds it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import Final, NamedTuple, TypeAlias

from doorward.analysis.validate.finding import Finding, Fix, Severity
from doorward.analysis.validate.positions import span
from doorward.analysis.validate.reading import At, Document, Statement

IDENTITY: Final = ("identity", "boundary", "session")
"""Kinds that say what their holder may do."""
RESOURCE: Final = ("resource", "endpoint")
"""Kinds that stand on a resource and say who may."""
TRUST: Final = ("trust",)
SCP: Final = ("scp",)
RCP: Final = ("rcp",)
ALL: Final = (*IDENTITY, *RESOURCE, *TRUST, *SCP, *RCP)


class Hit(NamedTuple):
    """What a check found, and where."""

    at: At
    message: str
    fixes: tuple[Fix, ...] = ()


OnStatement: TypeAlias = Callable[[Statement], Iterable[Hit]]
OnDocument: TypeAlias = Callable[[Document], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        practice: The word for the mistake in our list of practices, where AWS has a code too.
        meaning: What people read in the list of checks.
    """

    code: str
    severity: Severity
    kinds: tuple[str, ...]
    practice: str
    meaning: str
    hits: OnDocument

    def findings(self, document: Document) -> Iterator[Finding]:
        """What it says about a document."""
        if document.kind not in self.kinds:
            return
        for hit in self.hits(document):
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=hit.message,
                path=hit.at.path,
                span=span(document.text, hit.at.node.start, hit.at.node.end),
                kinds=self.kinds,
                practice=self.practice,
                fixes=hit.fixes,
            )


CHECKS: Final[dict[str, Check]] = {}
"""By code."""


def check(
    code: str, severity: Severity, *, kinds: tuple[str, ...] = ALL, practice: str = ""
) -> Callable[[OnStatement], OnStatement]:
    """Enter a check of one statement; its docstring is what people read."""

    def enter(function: OnStatement) -> OnStatement:
        def hits(document: Document) -> Iterator[Hit]:
            for statement in document.statements:
                yield from function(statement)

        _enter(Check(code, severity, kinds, practice, cleandoc(function.__doc__ or ""), hits))
        return function

    return enter


def check_document(
    code: str, severity: Severity, *, kinds: tuple[str, ...] = ALL
) -> Callable[[OnDocument], OnDocument]:
    """Enter a check of a whole document; its docstring is what people read."""

    def enter(function: OnDocument) -> OnDocument:
        _enter(Check(code, severity, kinds, "", cleandoc(function.__doc__ or ""), function))
        return function

    return enter


def _enter(one: Check) -> None:
    # INVARIANT: one code, one check: whoever reads a code finds one meaning.
    if one.code in CHECKS or not one.meaning:
        raise TypeError(f"{one.code}: entered twice, or without a docstring")
    CHECKS[one.code] = one
