"""`doorward reset`: a `--memory` Doorward back to its first start, same account, same keys."""

import argparse

from doorward.app.cli import CommandError
from doorward.app.cli.endpoint import endpoint_of, endpoint_option, fetched
from doorward.app.cli.places import answer

OK = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `reset`."""
    endpoint_option(parser)
    parser.add_argument("--json", action="store_true", help="answer with one line of JSON")


def run(args: argparse.Namespace) -> int:
    """Reset it."""
    endpoint = endpoint_of(args)
    reply = fetched(endpoint, "/_doorward/reset", method="POST")
    if reply is None:
        raise CommandError(f"nobody answers at {endpoint}", "Give the --endpoint `up` printed.")
    status, said = reply
    if status != OK:
        raise CommandError(f"{endpoint}: {said.get('message', status)}")
    answer(args, said, "Back at the first start.")
    return 0
