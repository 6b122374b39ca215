"""Where things are on this machine."""

import os
from pathlib import Path


def default_directory() -> Path:
    """`$XDG_DATA_HOME/doorward`."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "doorward"
