"""`doorward keys rotate`: a new access key for a user, and the end of the old one."""

import argparse
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from doorward.app.cli import CommandError
from doorward.app.cli.durations import duration
from doorward.app.cli.places import answer, data_options, progress

if TYPE_CHECKING:
    from doorward.app.cli.key_hooks import Hook


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `keys`."""
    from doorward.app.cli.endpoint import endpoint_option

    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    rotate = actions.add_parser("rotate", help="make a second key, hand it over, end the first")
    rotate.add_argument("--user", required=True, metavar="NAME", help="whose key")
    hook = rotate.add_mutually_exclusive_group()
    hook.add_argument("--hook-exec", metavar="CMD", help="reads the new pair as JSON from stdin")
    hook.add_argument("--hook-url", metavar="URL", help="takes the new pair as JSON by POST")
    rotate.add_argument(
        "--wait", type=duration, default="15m", help="how long to watch the old key [15m]"
    )
    rotate.add_argument(
        "--quiet", type=duration, default="2m", help="how long it must be unused [2m]"
    )
    rotate.add_argument(
        "--aws-profile", metavar="NAME", help="keys and endpoint of ~/.aws, also of AWS itself"
    )
    endpoint_option(rotate)
    data_options(rotate)


def run(args: argparse.Namespace) -> int:
    """Rotate; exit 1 while the old key is still in use or the new one never was."""
    from botocore.exceptions import BotoCoreError, ClientError

    from doorward.app.cli.asking_server import failed_call
    from doorward.app.cli.key_client import iam_client
    from doorward.app.cli.key_hooks import HookFailed
    from doorward.app.cli.key_rotation import Patience, Rotation, Unrotatable

    progress(f"Rotating the key of {args.user} …")
    try:
        facts = Rotation(
            iam=iam_client(args),
            client_of=lambda pair: iam_client(args, pair),
            user=args.user,
            hook=_hook(args),
            patience=Patience(args.wait, min(args.quiet, args.wait)),
            now=lambda: datetime.now(UTC),
            sleep=time.sleep,
        ).run()
    except HookFailed as error:
        raise CommandError(str(error), "The old key is as it was. Mend the hook.") from None
    except Unrotatable as error:
        raise CommandError(str(error), "See `aws iam list-access-keys`.") from None
    except (BotoCoreError, ClientError) as error:
        raise failed_call(error) from None
    answer(args, _plain(facts), _words(facts))
    return 0 if facts["state"] in {"rotated", "made"} else 1


def _hook(args: argparse.Namespace) -> "Hook | None":
    from doorward.app.cli.key_hooks import command_hook, url_hook

    if args.hook_exec is not None:
        return command_hook(args.hook_exec)
    return None if args.hook_url is None else url_hook(args.hook_url)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as JSON has them."""
    use = facts.get("last_use")
    return facts | ({"last_use": {name: str(value) for name, value in use.items()}} if use else {})


def _words(facts: dict[str, Any]) -> str:
    return "\n".join([f"{facts['user']}:", *(f"- {each}" for each in facts["done"]), _next(facts)])


def _next(facts: dict[str, Any]) -> str:
    old, new = facts["old"], facts["new"]
    if facts["state"] == "made":
        return (
            f"{new} {facts['secret_access_key']}\n"
            "It is not shown again: put it in place, then run this again to end the old key."
        )
    if facts["state"] == "unused":
        return f"{new} was never used: put it in place, or delete it, then run this again."
    if facts["state"] == "in use":
        use = facts["last_use"]
        where = f"{use['LastUsedDate']} for {use['ServiceName']} in {use['Region']}"
        return f"{old} is still in use, last at {where}. Both keys work; run this again."
    return f"{new} has taken the place of {old}."
