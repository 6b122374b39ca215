"""What storing refuses, and no other check has told."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.positions import offset_of
from doorward.analysis.validate.reading import At, Document
from doorward.analysis.validate.registry import Hit, check_document
from doorward.errors import PolicyError
from doorward.policy.grammar import check
from doorward.policy.source import Node

CODE: Final = "not-storable"


@check_document(CODE, Severity.ERROR)
def refused(document: Document) -> Iterator[Hit]:
    """The document is refused where it is to be stored; said where no other error is."""
    try:
        check(document.text, document.kind)
    except PolicyError as error:
        start = offset_of(document.text, error.line, error.column)
        node = Node(None, start, start + 1)
        yield Hit(At(node, (error.path,) if error.path else ()), f"Refused: {error.reason}.")
