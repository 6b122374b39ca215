"""What a first start can be filled with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed file."""
