"""From the words of a command line to an open house, or one clear line of what is wrong."""

import argparse
import os
import re
from pathlib import Path

from doorward.app.cli import CommandError
from doorward.app.cli.places import default_directory
from doorward.app.config import BadSetting, Settings, read_settings
from doorward.app.house import House, Plan
from doorward.app.seed import Seed
from doorward.app.server import Certificate
from doorward.store.errors import StoreFailure

ACCOUNT_ID = re.compile(r"[0-9]{12}")


def opened(args: argparse.Namespace) -> tuple[House, Certificate | None]:
    """Open the house that `up` was asked for."""
    directory = None if args.memory else args.data or default_directory()
    if args.account and not ACCOUNT_ID.fullmatch(args.account):
        raise CommandError(f"--account {args.account}: expected 12 digits")
    if directory:
        _make(directory)
    plan = Plan(
        directory=directory,
        database=args.database,
        account=args.account,
        seed=_seed(args.seed),
        settings=_settings(directory, args.set),
    )
    try:
        house = House(plan)
    except StoreFailure as error:
        raise CommandError(str(error)) from None
    return house, _certificate(args)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{directory}: {error.strerror}", "Give another --data.") from None


def _settings(directory: Path | None, arguments: list[str]) -> Settings:
    file = directory / "doorward.toml" if directory else None
    text = file.read_text() if file and file.exists() else None
    try:
        return read_settings(text, os.environ, arguments)
    except BadSetting as error:
        raise CommandError(str(error)) from None


def _seed(_file: Path | None) -> Seed | None:
    return None


def _certificate(args: argparse.Namespace) -> Certificate | None:
    if not args.tls_cert and not args.tls_key:
        return None
    if not (args.tls_cert and args.tls_key):
        raise CommandError("--tls-cert and --tls-key go together")
    return Certificate(args.tls_cert, args.tls_key)
