"""Questions about access: the options they share, and who answers them.

With `--from` the answer is worked out here, from a data directory or a snapshot; else the server
is asked. Both take the same question and give the same answer.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorward.app.cli import CommandError
from doorward.app.cli.endpoint import endpoint_option
from doorward.app.cli.places import data_options
from doorward.errors import AwsError

if TYPE_CHECKING:
    from doorward.account.account import Account

Answer = dict[str, Any]


def asking_options(parser: argparse.ArgumentParser) -> None:
    """Where the answer comes from, and in what form."""
    parser.add_argument(
        "--from",
        dest="source",
        metavar="DIR|FILE",
        help="a data directory, or the JSON of `aws iam get-account-authorization-details`",
    )
    parser.add_argument("--account", metavar="ID", default="", help="another of the --from account")
    endpoint_option(parser)
    data_options(parser)


def context_options(parser: argparse.ArgumentParser) -> None:
    """What else is to be known about the call."""
    parser.add_argument(
        *("-c", "--context"),
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a condition key of the call; once more for each further value",
    )
    parser.add_argument("--resource-account", metavar="ID", help="who owns the resource")


def policy_option(parser: argparse.ArgumentParser) -> None:
    """The policy that stands on the resource."""
    parser.add_argument(
        "--resource-policy", type=Path, metavar="FILE", help="the policy on the resource, JSON"
    )


def asked(args: argparse.Namespace, *names: str) -> dict[str, Any]:
    """The question as the server takes it: these arguments, and what is known about the call."""
    question = {name: getattr(args, name) for name in (*names, "resource_account")}
    question["context"] = context_of(args.context)
    if getattr(args, "resource_policy", None):
        question["resource_policy"] = _text_of(args.resource_policy)
    return {name: value for name, value in question.items() if value not in (None, {})}


def context_of(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    """The context that `-c` gives; a key given once has one value, else a list."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or ":" not in key:
            raise CommandError(f"-c {pair}: expected KEY=VALUE", "As in -c aws:SourceIp=10.0.0.1")
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def answered(args: argparse.Namespace, operation: str, question: dict[str, Any]) -> Answer:
    """Ask; `operation` is `can`, `who_can` or `what_can`."""
    if args.source is None:
        from doorward.app.cli.asking_server import ask_server

        return ask_server(args, operation, question)
    from doorward.app.cli.asking_accounts import account_from

    return answered_in(account_from(Path(args.source), args.account), operation, question)


def answered_in(account: Account, operation: str, question: dict[str, Any]) -> Answer:
    """Work the answer out about an account at hand."""
    from doorward.services.doorward import access_answers

    work = {
        "can": access_answers.can_in,
        "who_can": access_answers.who_can_in,
        "what_can": access_answers.what_can_in,
    }[operation]
    try:
        return work(account, question, datetime.now(UTC))
    except AwsError as error:
        raise CommandError(error.message) from None


def say_unknown_action(action: str) -> None:
    """Warn of an action AWS does not have in a service it has; the answer may still be wanted."""
    from doorward.catalog.actions import actions_of, exists

    service = action.partition(":")[0]
    if not exists(action) and actions_of(service):
        print(f"AWS has no action {action}; is it spelt right?", file=sys.stderr)


def _text_of(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError) as error:
        raise CommandError(f"--resource-policy {file}: {error}") from None
    return text
