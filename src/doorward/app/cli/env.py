"""`doorward env`: the exports that point AWS clients here, for `eval "$(doorward env)"`."""

import argparse
import shlex

from doorward.app.cli import CommandError
from doorward.app.cli.places import CREDENTIALS, answer, data_of, data_options
from doorward.app.cli.profiles import DEFAULT, Profile, read_profile


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `env`."""
    parser.add_argument("--account", metavar="ID", help="another account of the seed")
    data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print what `up` wrote down."""
    exports = known_profile(args).exports()
    words = [f"export {name}={shlex.quote(value)}" for name, value in exports.items()]
    answer(args, exports, "\n".join(words))
    return 0


def known_profile(args: argparse.Namespace) -> Profile:
    """The profile of the account asked for, in the data directory asked for."""
    directory = data_of(args)
    profile = read_profile(directory / CREDENTIALS, args.account or DEFAULT)
    if profile is None:
        whose = f"account {args.account}" if args.account else "a Doorward"
        raise CommandError(
            f"{directory} knows no endpoint of {whose}",
            "Start it with `doorward up`, or give its --data directory.",
        )
    return profile
