"""Where things are on this machine."""

import argparse
import os
from pathlib import Path

CREDENTIALS = "aws"
"""The folder of a data directory with the AWS configuration files that lead to it."""


def default_directory() -> Path:
    """`$XDG_DATA_HOME/doorward`."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "doorward"


def data_option(parser: argparse.ArgumentParser) -> None:
    """The option `--data`, for commands about a data directory."""
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data directory [$XDG_DATA_HOME/doorward]"
    )


def json_option(parser: argparse.ArgumentParser) -> None:
    """The option `--json`."""
    parser.add_argument("--json", action="store_true", help="answer with one line of JSON")
