"""What a Doorward in process begins with."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doorward.app.seed import Seed, read_seed

SeedSource = str | Path | Mapping[str, Any] | None
"""A file, or what would stand in it."""


def seed_text(source: SeedSource) -> str | None:
    """The text of a seed.

    Raises:
        OSError: the file cannot be read.
    """
    if isinstance(source, Mapping):
        return json.dumps(source)
    return None if source is None else Path(source).read_text(encoding="utf-8")


def seed_from(source: SeedSource) -> Seed | None:
    """Read it.

    Raises:
        SeedError: it cannot be used.
        OSError: the file cannot be read.
    """
    text = seed_text(source)
    return None if text is None else read_seed(text)
