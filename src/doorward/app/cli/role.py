"""`doorward role revoke-sessions NAME`: end the sessions a role has."""

import argparse

from doorward.app.cli.places import answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `role`."""
    from doorward.app.cli.orders import order_options

    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    revoke = actions.add_parser("revoke-sessions", help="end the sessions the role has now")
    revoke.add_argument("role", metavar="NAME")
    order_options(revoke)


def run(args: argparse.Namespace) -> int:
    """End them; sessions opened from now on are not touched."""
    from doorward.app.cli.orders import carried_out

    facts = carried_out(args, "revoke-sessions", args.role)
    answer(args, facts, "\n".join([f"{facts['role']}:", *(f"- {each}" for each in facts["done"])]))
    return 0
