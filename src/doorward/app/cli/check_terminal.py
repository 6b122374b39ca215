"""What `doorward check` shows to a person."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Final, Protocol

from rich.console import Console
from rich.text import Text

from doorward.analysis.validate import Finding, Fix, Severity, codes, not_checked
from doorward.app.cli.showing import safe_line

STYLES: Final = {
    Severity.ERROR: "bold red",
    Severity.SECURITY_WARNING: "bold magenta",
    Severity.WARNING: "bold yellow",
    Severity.SUGGESTION: "bold cyan",
}
_NOUNS: Final = {
    Severity.ERROR: "error",
    Severity.SECURITY_WARNING: "security warning",
    Severity.WARNING: "warning",
    Severity.SUGGESTION: "suggestion",
}
WIDEST: Final = 120
"""Characters of a source line that are shown."""


class Document(Protocol):
    """A document with its findings."""

    @property
    def name(self) -> str:
        """As it was given."""

    @property
    def text(self) -> str:
        """The whole of it."""

    @property
    def kind(self) -> str:
        """Of policy."""

    @property
    def guessed(self) -> bool:
        """Whether nobody said the kind."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found."""

    @property
    def gaps(self) -> tuple[str, ...]:
        """What nothing is known about."""


def show(documents: Sequence[Document], unreadable: Mapping[str, str]) -> None:
    """Write everything, the summary last; files that cannot be read go to stderr."""
    console = Console(highlight=False, soft_wrap=True)
    for document in documents:
        for line in _document(document):
            console.print(line)
    for name, why in unreadable.items():
        print(f"doorward check: {safe_line(name)}: {why}", file=sys.stderr)
    if documents:
        console.print(_summary(documents))


def _document(document: Document) -> Iterator[Text]:
    guess = " (guessed; --type says otherwise)" if document.guessed else ""
    unread = any(each.code == "JSON_SYNTAX_ERROR" for each in document.findings)
    kind = "no JSON" if unread else f"{document.kind} policy{guess}"
    yield Text(safe_line(document.name), style="bold").append(f"  {kind}", style="not bold dim")
    for finding in document.findings:
        yield Text()
        yield from _finding(document, finding)
    if document.gaps:
        what = ", ".join(map(safe_line, document.gaps))
        yield Text(f"  Not checked, for nothing is known about them: {what}.", style="yellow")
    yield Text()


def _finding(document: Document, finding: Finding) -> Iterator[Text]:
    start = finding.span.start
    title = Text(f"  {finding.severity.value} ", style=STYLES[finding.severity])
    title.append(finding.code, style="bold")
    if finding.practice:
        title.append(f" ({finding.practice})")
    place = f"  {safe_line(document.name)}:{start.line}:{start.column}"
    where = f"  {safe_line(finding.where)}" if finding.where else ""
    yield title.append(place + where, style="dim")
    yield from _source(document.text, finding)
    yield Text(f"    {safe_line(finding.message)}")
    for fix in finding.fixes:
        yield Text(f"    Fix: {safe_line(fix.title)}", style="green")
        yield from _fix(document.text, fix)


def _source(text: str, finding: Finding) -> Iterator[Text]:
    """The line, and marks under what is meant; a long line is cut around them."""
    start, end = finding.span
    line = text[start.offset - start.column + 1 :].splitlines()[:1] or [""]
    column = start.column - 1
    first = max(0, column - WIDEST // 2)
    shown = safe_line(line[0][first : first + WIDEST])
    last = end.column - 1 if end.line == start.line else len(line[0])
    marks = max(1, min(last - column, len(shown) - (column - first)))
    number = f"{start.line:>6} | "
    yield Text(number, style="blue").append(shown, style="default")
    under = Text(" " * (len(number) - 2) + "| " + " " * (column - first), style="blue")
    yield under.append("^" * marks, style=STYLES[finding.severity])


def _fix(text: str, fix: Fix) -> Iterator[Text]:
    """The lines that change; where one is too long to read, the new text alone."""
    mended = fix.applied(text)
    lines = list(unified_diff(text.splitlines(), mended.splitlines(), n=0, lineterm=""))[2:]
    if any(len(line) > WIDEST * 2 for line in lines):
        lines = [f"+{line}" for line in fix.text.splitlines()]
    for line in lines:
        if not line.startswith("@@"):
            style = "green" if line.startswith("+") else "red"
            yield Text(f"      {line[0]} {safe_line(line[1:])}", style=style)


def _summary(documents: Sequence[Document]) -> Text:
    counts = Counter(each.severity for one in documents for each in one.findings)
    found = ", ".join(
        f"{counts[each]} {_NOUNS[each]}{'s' if counts[each] != 1 else ''}"
        for each in Severity
        if counts[each]
    )
    later = {code for one in documents for code in not_checked(one.kind)}
    have = sum(code.checked for code in codes())
    rest = f", {len(later)} are not checked yet (--codes)" if later else ""
    noun = "policy" if len(documents) == 1 else "policies"
    text = f"{len(documents)} {noun}: {found or 'nothing found'}. {have} codes are checked{rest}."
    return Text(text, style="bold" if found else "bold green")
