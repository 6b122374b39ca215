"""`doorward who-can ACTION RESOURCE`: the users and roles who may do something.

Exit code: 0 somebody may, 1 nobody but the root user, 2 it cannot be told.
"""

import argparse
from collections.abc import Iterator
from typing import Any

from doorward.app.cli.asking import (
    answered,
    asked,
    asking_options,
    context_options,
    policy_option,
    say_unknown_action,
)
from doorward.app.cli.places import progress
from doorward.app.cli.showing import show


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `who-can`."""
    parser.add_argument("action", help="as s3:GetObject")
    parser.add_argument("resource", nargs="?", default="*", help="an ARN, or as role/NAME [*]")
    context_options(parser)
    policy_option(parser)
    parser.add_argument("--explain", action="store_true", help="also who may not, and why")
    asking_options(parser)


def run(args: argparse.Namespace) -> int:
    """Ask, and show the answer."""
    say_unknown_action(args.action)
    progress("Asking about everyone …")
    answer = answered(args, "who_can", asked(args, "action", "resource", "explain"))
    show(args, answer, "\n".join(_words(answer)))
    return 0 if answer["allowed"] else 1


def _words(answer: dict[str, Any]) -> Iterator[str]:
    counts = answer["counts"]
    some = counts["Allowed"]
    word = f"ALLOWED: {some} of {sum(counts.values())}" if some else "NOBODY"
    yield f"{word}  {answer['action']}  on {answer['resource']}"
    rows = [(one["name"], one["kind"], one["text"]) for one in answer["principals"]]
    width = max((len(name) for name, _, _ in rows), default=0)
    for name, kind, text in rows:
        yield f"  {name:{width}}  {kind}  {text}"
    yield f"  The root user: {answer['root']}"
    if not rows:
        yield "--explain says why not. Keys of the call that -c KEY=VALUE does not add are missing."
