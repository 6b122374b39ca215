"""`doorward recover`: a way back in for whoever owns the machine."""

import argparse
from typing import Any

from doorward.app.cli.places import CREDENTIALS, answer, data_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `recover`."""
    from doorward.app.cli.orders import order_options

    parser.add_argument("--root", action="store_true", help="a new password for root instead")
    order_options(parser)


def run(args: argparse.Namespace) -> int:
    """Make the key or the password; it is shown once and recorded in the trail."""
    from doorward.app.cli.orders import carried_out

    facts = carried_out(args, "recover-root" if args.root else "recover-admin")
    if not args.root:
        _write_down(args, facts)
    answer(args, facts, _words(facts))
    return 0


def _write_down(args: argparse.Namespace, facts: dict[str, Any]) -> None:
    """Put the new key where `env` finds it, if `up` ever wrote there."""
    from doorward.app.cli.profiles import DEFAULT, replace_key

    directory = data_of(args) / CREDENTIALS
    key = (facts["admin"]["access_key_id"], facts["admin"]["secret_access_key"])
    for name in [facts["account"]] if args.account else [DEFAULT, facts["account"]]:
        replace_key(directory, key, name)


def _words(facts: dict[str, Any]) -> str:
    if "root_password" in facts:
        shown = [f"Root user {facts['root_email']}, password {facts['root_password']}"]
    else:
        shown = [
            f"  export AWS_ACCESS_KEY_ID={facts['admin']['access_key_id']}",
            f"  export AWS_SECRET_ACCESS_KEY={facts['admin']['secret_access_key']}",
        ]
    return "\n".join([*(f"- {each}" for each in facts["done"]), "", *shown])
