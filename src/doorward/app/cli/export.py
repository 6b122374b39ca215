"""`doorward export`: everything in one file; secrets only under a passphrase."""

import argparse
import os
import sys
from pathlib import Path

from doorward.app.cli import CommandError
from doorward.app.cli.places import answer, data_of, data_options, progress

SHORTEST_PASSPHRASE = 12


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="- is stdout")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="take the secrets along, under this"
    )
    data_options(parser, database=True)


def run(args: argparse.Namespace) -> int:
    """Write the file, readable by its owner alone."""
    from datetime import UTC, datetime

    import msgspec

    from doorward.app.exports import exported
    from doorward.app.stopped import open_reading
    from doorward.store.errors import StoreFailure

    passphrase = passphrase_in(args.passphrase_file) if args.passphrase_file else None
    progress("Reading every account …")
    try:
        with open_reading(data_of(args), args.database) as (store, sealer):
            export = exported(store, sealer, datetime.now(UTC), passphrase)
    except StoreFailure as error:
        raise CommandError(str(error), "Give the --data directory `doorward up` has.") from None
    text = msgspec.json.format(msgspec.json.encode(export)) + b"\n"
    if args.output == "-":
        sys.stdout.buffer.write(text)
        return 0
    _write(Path(args.output), text)
    with_secrets = "with its secrets" if passphrase else "without secrets"
    facts = {
        "file": args.output,
        "accounts": len(export["Accounts"]),
        "secrets": passphrase is not None,
    }
    answer(args, facts, f"{args.output}: {facts['accounts']} accounts, {with_secrets}.")
    return 0


def passphrase_in(file: Path) -> str:
    """The passphrase a file holds; its last line feed is not part of it."""
    try:
        passphrase = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"--passphrase-file {file}: {error}") from None
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise CommandError(
            f"--passphrase-file {file}: shorter than {SHORTEST_PASSPHRASE} characters",
            "Take a longer one, as `openssl rand -base64 24` makes.",
        )
    return passphrase


def _write(file: Path, text: bytes) -> None:
    fresh = file.with_name(f"{file.name}.new")
    try:
        if file.exists() and not file.is_file():
            # A pipe or a device is written to; a file in its place would take it from everybody.
            file.write_bytes(text)
            return
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as writer:
            writer.write(text)
        fresh.replace(file)
    except OSError as error:
        raise CommandError(
            f"-o {file}: {error.strerror}", "Give a file in a folder you may write to."
        ) from None
