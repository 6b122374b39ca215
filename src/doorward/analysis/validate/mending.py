"""Fixes: new text for a place of the document."""

from collections.abc import Iterable
from typing import TypeAlias

from doorward.analysis.validate.finding import Fix
from doorward.analysis.validate.reading import At, Statement, quoted

Edit: TypeAlias = tuple[int, int, str]
"""Two offsets and the text that comes between them."""


def instead(title: str, at: At, text: str) -> Fix:
    """Another string."""
    return Fix(title, at.node.start, at.node.end, quoted(text))


def rewritten(title: str, statement: Statement, edits: Iterable[Edit]) -> Fix:
    """The statement with several edits, everything else as it is."""
    start, end = statement.at.node.start, statement.at.node.end
    text = statement.document.text
    out, at = "", start
    for first, last, new in sorted(edits):
        out += text[at:first] + new
        at = last
    return Fix(title, start, end, out + text[at:end])


def element_edit(statement: Statement, name: str, new: str) -> list[Edit]:
    """The edit that puts `"name": value` in the place of an element; none where it is absent."""
    found = [member for member in statement.at.members if member.name == name]
    return [(member.at, member.node.end, new) for member in found]


def added(title: str, statement: Statement, member: str) -> Fix:
    """The statement, which has some element, with one more at its end."""
    text = statement.document.text
    last = statement.at.members[-1]
    line = text.rfind("\n", 0, last.at) + 1
    indent = text[line : last.at]
    gap = f"\n{indent}" if line and not indent.strip() else " "
    return Fix(title, last.node.end, last.node.end, f",{gap}{member}")
