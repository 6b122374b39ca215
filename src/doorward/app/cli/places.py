"""Where things are on this machine, and the options and answers commands share."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

CREDENTIALS = "aws"
"""The folder of a data directory with the AWS configuration files that lead to it."""


def default_directory() -> Path:
    """`$XDG_DATA_HOME/doorward`."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "doorward"


def data_of(args: argparse.Namespace) -> Path:
    """The data directory asked for."""
    directory: Path = args.data or default_directory()
    return directory


def data_options(parser: argparse.ArgumentParser, *, database: bool = False) -> None:
    """`--data`, `--json`, and `--database` for commands that open the store."""
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data directory [$XDG_DATA_HOME/doorward]"
    )
    if database:
        parser.add_argument("--database", metavar="URL", help="postgresql://… instead of SQLite")
    parser.add_argument("--json", action="store_true", help="answer with one line of JSON")


def answer(args: argparse.Namespace, facts: Any, words: str) -> None:
    """Print an answer, for a program or for a person."""
    print(json.dumps(facts) if args.json else words, flush=True)


def progress(text: str) -> None:
    """Say what takes a while, to a person who waits."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)
