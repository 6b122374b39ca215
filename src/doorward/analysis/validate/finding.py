"""What a check says about a policy: a code, a sentence, a place, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from doorward.policy.document import spelled
from doorward.policy.fields import Path


class Severity(StrEnum):
    """How much a finding matters, in AWS's words, the worst first."""

    ERROR = "ERROR"
    SECURITY_WARNING = "SECURITY_WARNING"
    WARNING = "WARNING"
    SUGGESTION = "SUGGESTION"


class Position(NamedTuple):
    """A place in a text: line and column from 1, offset from 0, all in characters."""

    line: int
    column: int
    offset: int


class Span(NamedTuple):
    """From the first character to after the last."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend the document: text for what stands between two offsets.

    Attributes:
        title: What it does, as in `write the account with 12 digits`.
        start: Offset of the first character that goes.
        end: Offset after the last one.
        text: What comes instead; JSON.
    """

    title: str
    start: int
    end: int
    text: str

    def applied(self, document: str) -> str:
        """The whole document, mended."""
        return document[: self.start] + self.text + document[self.end :]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one place of a policy.

    Attributes:
        code: AWS's issue code; a word in lower case where AWS has no such check.
        practice: The word for the same mistake in our list of practices, or empty.
        path: As in `("Statement", 0, "Action", 1)`; empty for the whole document.
        kinds: The kinds of policies this is said about.
        fixes: Ways to mend it, of which one is enough.
    """

    code: str
    severity: Severity
    message: str
    path: Path
    span: Span
    kinds: tuple[str, ...]
    practice: str = ""
    fixes: tuple[Fix, ...] = ()

    @property
    def where(self) -> str:
        """The path as people write it."""
        return spelled(self.path)
