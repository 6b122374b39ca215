"""Have something done by the house that runs on a data directory, or on the stopped directory."""

import argparse
import getpass
from datetime import UTC, datetime
from typing import Any

from doorward.app.cli import CommandError
from doorward.app.cli.next_steps import next_step
from doorward.app.cli.places import data_of, data_options
from doorward.app.control import NotRunning, Request, ask
from doorward.app.stopped import do, open_stopped
from doorward.errors import AwsError
from doorward.store.errors import DirectoryLocked, StoreFailure


def order_options(parser: argparse.ArgumentParser, *, account: bool = True) -> None:
    """The options of commands that have something done."""
    if account:
        parser.add_argument("--account", metavar="ID", default="", help="another than the main one")
    data_options(parser, database=True)


def carried_out(args: argparse.Namespace, deed: str, name: str = "", *, enclosed: str = "") -> Any:
    """Have it done; the answer."""
    request = Request(
        deed=deed,
        name=name,
        account=getattr(args, "account", ""),
        by=getpass.getuser(),
        enclosed=enclosed,
    )
    directory = data_of(args)
    try:
        return ask(directory, request)
    except NotRunning:
        return _on_stopped(args, request)
    except LookupError as error:
        raise CommandError(str(error), next_step(str(error))) from None
    except OSError as error:
        raise CommandError(
            f"{directory}: {error.strerror}", "Run this as the user who runs Doorward."
        ) from None


def _on_stopped(args: argparse.Namespace, request: Request) -> Any:
    try:
        with open_stopped(data_of(args), args.database) as (store, sealer):
            return do(store, sealer, request, datetime.now(UTC))
    except DirectoryLocked as error:
        raise CommandError(
            f"process {error.pid} has {error.directory} open and does not answer here",
            "Stop it, or wait until it is ready, and run this again.",
        ) from None
    except StoreFailure as error:
        raise CommandError(str(error), "Give the --data directory `doorward up` has.") from None
    except (LookupError, ValueError) as error:
        raise CommandError(str(error), next_step(str(error))) from None
    except AwsError as error:
        raise CommandError(error.message, next_step(error.message)) from None
