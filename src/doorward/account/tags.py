"""Tags, as most kinds of entities carry them."""

from typing import NamedTuple


class Tag(NamedTuple):
    """One tag; keys of users and roles are unique whatever their case."""

    key: str
    value: str
