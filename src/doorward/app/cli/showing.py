"""Answers for people: the same words everywhere, in colour on a terminal."""

import argparse
import json
import os
import sys
from typing import Any, Final

STYLES: Final = (
    ("ALLOWED", "bold green"),
    ("DENIED", "bold red"),
    ("NOTHING", "bold red"),
    ("NOBODY", "bold red"),
    ("met:", "green"),
    ("not met:", "red"),
    ("Near:", "yellow"),
    ("To allow it", "bold"),
    ("Or, with", "bold"),
    ("Step by step", "bold"),
    ("aws ", "cyan"),
)
"""How a line begins, and how it looks."""


def show(args: argparse.Namespace, answer: dict[str, Any], text: str) -> None:
    """Print an answer, for a program or for a person."""
    if args.json:
        print(json.dumps(answer), flush=True)
    elif sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        _in_colour(safe(text))
    else:
        print(safe(text), flush=True)


def safe(text: str) -> str:
    """Text whose lines cannot steer a terminal."""
    return "\n".join(map(safe_line, text.split("\n")))


def safe_line(text: str) -> str:
    """One line that cannot steer a terminal, as long as it was."""
    return "".join(char if char.isprintable() else " " if char == "\t" else "·" for char in text)


def _in_colour(text: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in text.split("\n"):
        console.print(Text(line, style=style_of(line)), soft_wrap=True)


def style_of(line: str) -> str:
    """How a line looks."""
    begun = line.lstrip()
    return next((style for start, style in STYLES if begun.startswith(start)), "")
