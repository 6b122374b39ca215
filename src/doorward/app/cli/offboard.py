"""`doorward offboard USER`: nothing the user has opens anything any more."""

import argparse

from doorward.app.cli.places import answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `offboard`."""
    from doorward.app.cli.orders import order_options

    parser.add_argument("user", metavar="USER")
    order_options(parser)


def run(args: argparse.Namespace) -> int:
    """Deactivate, delete, end; the user and its policies stay for the auditors."""
    from doorward.app.cli.orders import carried_out

    facts = carried_out(args, "offboard", args.user)
    answer(args, facts, "\n".join([f"{facts['user']}:", *(f"- {each}" for each in facts["done"])]))
    return 0
