"""`doorward what-can PRINCIPAL [RESOURCE]`: what a principal may do, by service.

Exit code: 0 something, 1 nothing, 2 it cannot be told.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from doorward.app.cli.asking import answered, asked, asking_options, context_options
from doorward.app.cli.places import progress
from doorward.app.cli.showing import show


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `what-can`."""
    parser.add_argument("principal", help="name of a user, role/NAME, root, or an ARN")
    parser.add_argument("resource", nargs="?", help="an ARN, or * [any]")
    parser.add_argument(
        "--service",
        dest="services",
        action="append",
        metavar="PREFIX",
        help="only of this service, as s3; may be given again",
    )
    context_options(parser)
    parser.add_argument(
        "--explain", action="store_true", help="with --json: the statements behind each action"
    )
    asking_options(parser)


def run(args: argparse.Namespace) -> int:
    """Ask, and show the answer."""
    from doorward.app.cli.showing_actions import actions_text

    progress("Looking at every action …")
    answer = answered(args, "what_can", asked(args, "principal", "resource", "services", "explain"))
    _say_unknown(args.services or (), answer)
    show(args, answer, actions_text(answer))
    return 0 if answer["allowed"] else 1


def _say_unknown(services: Sequence[str], answer: dict[str, Any]) -> None:
    from doorward.catalog.actions import actions_of

    for service in services:
        if service.lower() not in answer["services"] and not actions_of(service.lower()):
            print(f"AWS has no service {service}; is it spelt right?", file=sys.stderr)
