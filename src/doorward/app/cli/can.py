"""`doorward can PRINCIPAL ACTION RESOURCE`: whether a principal may do something, and why.

Exit code: 0 it may, 1 it may not, 2 it cannot be told.
"""

import argparse

from doorward.app.cli.asking import (
    answered,
    asked,
    asking_options,
    context_options,
    policy_option,
    say_unknown_action,
)
from doorward.app.cli.showing import show
from doorward.app.cli.showing_access import access_text


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `can`."""
    parser.add_argument("principal", help="name of a user, role/NAME, root, or an ARN")
    parser.add_argument("action", help="as s3:GetObject")
    parser.add_argument("resource", nargs="?", default="*", help="an ARN, or as role/NAME [*]")
    context_options(parser)
    policy_option(parser)
    parser.add_argument("--explain", action="store_true", help="show every policy that was read")
    asking_options(parser)


def run(args: argparse.Namespace) -> int:
    """Ask, and show the answer."""
    say_unknown_action(args.action)
    question = asked(args, "principal", "action", "resource") | {"explain": True}
    answer = answered(args, "can", question)
    shown = {name: answer[name] for name in ("allowed", "decision", "explanation")}
    show(args, shown, access_text(answer, step_by_step=args.explain))
    return 0 if answer["allowed"] else 1
