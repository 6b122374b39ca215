"""`doorward token create|list|revoke`: the bearer tokens other applications call Doorward with.

A token acts as a session of its role, and only on Doorward's own operations.
"""

import argparse
from datetime import datetime
from typing import Any

from doorward.app.cli.places import answer

Details = dict[str, Any]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `token`."""
    from doorward.app.cli.endpoint import endpoint_option
    from doorward.app.cli.places import data_options

    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    create = actions.add_parser("create", help="make a token; it is shown this once")
    create.add_argument("--role", metavar="NAME", required=True, help="the role it acts as")
    create.add_argument("--days", type=int, metavar="N", help="how long it lasts [90]")
    create.add_argument("--name", metavar="LABEL", help="what it is for")
    shown = actions.add_parser("list", help="show the tokens there are")
    revoke = actions.add_parser("revoke", help="end a token at once")
    revoke.add_argument("id", metavar="ID", help="the part between dwt_ and the next _")
    for action in (create, shown, revoke):
        endpoint_option(action)
        data_options(action)


def run(args: argparse.Namespace) -> int:
    """Have the server do it, with a signed call."""
    from botocore.exceptions import BotoCoreError, ClientError

    from doorward.app.cli.asking_server import client_of, failed_call

    deeds = {"create": _create, "list": _list, "revoke": _revoke}
    try:
        deeds[args.action](args, client_of(args, "doorward"))
    except (BotoCoreError, ClientError) as error:
        raise failed_call(error) from None
    return 0


def _create(args: argparse.Namespace, client: Any) -> None:
    asked = {"role": args.role, "days": args.days, "name": args.name}
    made = client.create_token(
        **{name: value for name, value in asked.items() if value is not None}
    )
    details = made["details"]
    words = (
        f"{made['token']}\n"
        f"Acts as {details['role']} until {_day(details['expires'])}. Keep it: it is shown once."
    )
    answer(args, {"token": made["token"], **_plain(details)}, words)


def _list(args: argparse.Namespace, client: Any) -> None:
    tokens = client.list_tokens()["tokens"]
    lines = [_line(token) for token in tokens]
    head = f"{'id':18}{'role':26}{'expires':12}{'last used':12}name"
    words = "\n".join([head, *lines]) if lines else "There are no tokens."
    answer(args, [_plain(token) for token in tokens], words)


def _revoke(args: argparse.Namespace, client: Any) -> None:
    client.delete_token(id=args.id)
    answer(args, {"revoked": args.id}, f"{args.id} is revoked.")


def _line(token: Details) -> str:
    used = _day(token["last_used"]) if "last_used" in token else "never"
    name = token.get("name", "")
    return f"{token['id']:18}{token['role']:26}{_day(token['expires']):12}{used:12}{name}".rstrip()


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _plain(token: Details) -> Details:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in token.items()
    }
