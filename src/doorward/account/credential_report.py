"""The credential report of an account: one at a time, kept as it was made."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialReport:
    """The bytes of a report; later changes of the account leave them alone.

    Attributes:
        generated: Whole seconds.
        content: The CSV, compressed with zlib.
    """

    generated: datetime
    content: bytes

    @property
    def key(self) -> str:
        """There is one."""
        return "report"

    @property
    def resource(self) -> str:
        """A report has no ARN of its own; nobody asks for this one."""
        return "credential-report"

    @property
    def ids(self) -> tuple[str, ...]:
        """A report is found by its kind alone."""
        return ()
