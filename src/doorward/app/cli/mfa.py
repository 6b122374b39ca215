"""`doorward mfa import|forget`: the hardware tokens that users may be given.

A token is known by the serial number on its back. Its seed comes in a file from whoever sold it:
CSV (`serial,seed`, in hex or base32) or PSKC (RFC 6030).
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorward.app.cli import CommandError

if TYPE_CHECKING:
    from doorward.authn.token_seeds import TokenSeed

LARGEST_FILE = 16 * 1024 * 1024
AT_ONCE = 100
"""Tokens of one order: an order is a line that the server reads whole."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mfa`."""
    from doorward.app.cli.orders import order_options

    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    take = actions.add_parser("import", help="take in the seeds of hardware tokens")
    take.add_argument("file", type=Path, metavar="FILE", help="CSV or PSKC; delete it afterwards")
    take.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="the AES key of an encrypted PSKC file, in hex",
    )
    forget = actions.add_parser("forget", help="forget a token that is assigned to nobody")
    forget.add_argument("serial", metavar="SERIAL", help="the number on its back")
    for action in (take, forget):
        order_options(action)


def run(args: argparse.Namespace) -> int:
    """Have it done; each token taken in is named in the trail, its seed nowhere."""
    from doorward.app.cli.places import answer

    facts = _imported(args) if args.action == "import" else _forgotten(args)
    answer(args, facts, "\n".join(f"- {each}" for each in facts["done"]))
    return 0


def _imported(args: argparse.Namespace) -> dict[str, Any]:
    from doorward.app.cli.orders import carried_out
    from doorward.app.hardware_tokens import as_text

    facts: dict[str, Any] = {"done": []}
    for tokens in _in_orders(_tokens(args)):
        seeds = [(token.serial, token.seed.hex()) for token in tokens]
        part = carried_out(args, "import-mfa-tokens", enclosed=as_text(seeds))
        facts = {**part, "done": facts["done"] + part["done"]}
    return facts


def _forgotten(args: argparse.Namespace) -> dict[str, Any]:
    from doorward.app.cli.orders import carried_out

    facts: dict[str, Any] = carried_out(args, "forget-mfa-token", args.serial)
    return facts


def _tokens(args: argparse.Namespace) -> "list[TokenSeed]":
    from doorward.authn.seed_files import read_seeds
    from doorward.authn.token_seeds import BadSeedFile

    try:
        return read_seeds(_content(args.file), _key(args.key_file))
    except BadSeedFile as error:
        raise CommandError(f"{args.file}: {error}", "No token was taken in.") from None


def _key(file: Path | None) -> bytes | None:
    if file is None:
        return None
    try:
        return bytes.fromhex(_content(file).decode("ascii"))
    except ValueError:
        raise CommandError(f"{file}: the key is not in hex", "Give the key as 0-9a-f.") from None


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", "Give a file you can read.") from None
    if len(content) > LARGEST_FILE:
        raise CommandError(f"{file}: more than 16 MiB", "Split it.")
    return content


def _in_orders(tokens: "list[TokenSeed]") -> "Iterator[list[TokenSeed]]":
    for start in range(0, len(tokens), AT_ONCE):
        yield tokens[start : start + AT_ONCE]
