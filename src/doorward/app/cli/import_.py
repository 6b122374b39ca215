"""`doorward import FILE`: fill an empty data directory from an export."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.app.cli import CommandError
from doorward.app.cli.places import answer, data_of, data_options, progress

if TYPE_CHECKING:
    from doorward.app.imports import Imported


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="written by `doorward export`")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="what the secrets are under"
    )
    data_options(parser, database=True)


def run(args: argparse.Namespace) -> int:
    """Fill it, all or nothing."""
    import msgspec

    from doorward.app.cli.export import passphrase_in
    from doorward.app.imports import ImportRefused, imported
    from doorward.store import open_store
    from doorward.store.errors import StoreFailure
    from doorward.store.key_sources import key_source
    from doorward.store.rotation import open_sealer

    passphrase = passphrase_in(args.passphrase_file) if args.passphrase_file else None
    directory = data_of(args)
    progress("Writing every account …")
    try:
        content = args.file.read_bytes()
        store = open_store(args.database or directory)
        try:
            sealer = open_sealer(store, key_source(directory))
            done = imported(store, sealer, content, passphrase)
        finally:
            store.close()
    except ImportRefused as error:
        raise CommandError(f"{args.file}: {error}") from None
    except OSError as error:
        raise CommandError(f"{args.file}: {error.strerror}") from None
    except (StoreFailure, ValueError) as error:
        raise CommandError(str(error), "Give an empty --data directory.") from None
    answer(args, msgspec.to_builtins(done), _words(done))
    return 0


def _words(done: "Imported") -> str:
    lines = [f"{done.accounts} accounts and {done.secrets} secrets; the main one is {done.main}."]
    if done.keys_without_secret:
        lines.append(
            f"{done.keys_without_secret} access keys came without their secret and open nothing: "
            "`doorward recover` makes a new one."
        )
    return "\n".join(lines)
