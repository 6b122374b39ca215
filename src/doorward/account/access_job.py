"""A report of last accesses: asked for once, fetched in pages by whoever asked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessJob:
    """One report, as things stood when it was asked for.

    Attributes:
        id: 36 characters, as AWS shows it.
        owner: The unique id of the user, or the access key id of the session, that asked.
        created: Whole milliseconds.
        by_action: Its granularity is ACTION_LEVEL.
        services: The services with their last accesses, packed by who made it.
        members: The unique ids of the users and roles it is about, packed.
        accesses: By service, which of them accessed it and when, packed.
    """

    id: str
    owner: str
    created: datetime
    by_action: bool
    services: bytes
    members: bytes
    accesses: dict[str, bytes]

    @property
    def key(self) -> str:
        """The id it shows."""
        return self.id

    @property
    def resource(self) -> str:
        """A job has no ARN; this names it."""
        return f"access-job/{self.id}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A job is found by its key alone."""
        return ()
