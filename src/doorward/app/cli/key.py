"""`doorward key rotate`: seal every secret under a new master key."""

import argparse

from doorward.app.cli.places import answer, progress


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `key`."""
    from doorward.app.cli.orders import order_options

    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    rotate = actions.add_parser("rotate", help="seal every secret under a new master key")
    order_options(rotate, account=False)


def run(args: argparse.Namespace) -> int:
    """Rotate; a server that runs goes on serving."""
    from doorward.app.cli.orders import carried_out
    from doorward.app.control import ROTATE

    progress("Sealing every secret anew …")
    facts = carried_out(args, ROTATE)
    answer(args, facts, f"{facts['resealed']} secrets are sealed under a new master key.")
    return 0
