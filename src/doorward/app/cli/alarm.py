"""`doorward alarm list`: the alarms every account has, and which are on."""

import argparse

from doorward.app.cli.places import answer, data_of, data_options


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `alarm`."""
    parser.add_argument("deed", choices=("list",), metavar="list")
    data_options(parser)


def run(args: argparse.Namespace) -> int:
    """List them; exit 0."""
    from doorward.app.cli.opening import settings_in
    from doorward.app.config import words
    from doorward.trail.alarms_built_in import BUILT_IN, chosen

    settings = settings_in(data_of(args), [])
    on = chosen(words(settings["alarms.built_in"]), root_activity=settings["alarms.root_activity"])
    table = [
        {"name": each.name, "on": each in on, "title": each.title, "pattern": each.pattern}
        for each in BUILT_IN
    ]
    shown = [f"{'on' if row['on'] else 'off':5}{row['name']:26}{row['title']}" for row in table]
    told = "They mail the root user's address, one mail a minute at most."
    if not settings["mail.host"]:
        told = "No mail is sent: mail.host is not set. They are said in the server's log alone."
    answer(args, table, "\n".join([*shown, told]))
    return 0
