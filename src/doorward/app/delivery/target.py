"""A place trails deliver to, and what may be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Fault = Literal["", "missing", "refused"]


class NotDelivered(Exception):  # noqa: N818 - a verdict's name
    """A file is not known to have arrived.

    Attributes:
        code: As S3 has it: `NoSuchBucket`, `AccessDenied`, ...; GetTrailStatus shows it.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file to deliver; `name` is its path in the bucket."""

    bucket: str
    name: str
    data: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)


class Target(Protocol):
    """Keeps files in buckets. Methods block, and may be called from several threads."""

    def put(self, file: File) -> None:
        """Keep a file; once this returns it is there, whole, whatever happens.

        Raises:
            NotDelivered: it may or may not be there.
        """
        ...

    def fault(self, bucket: str) -> Fault:
        """What keeps files out of a bucket, if anything does."""
        ...
