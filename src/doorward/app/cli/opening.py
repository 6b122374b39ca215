"""From the words of a command line to an open house, or one clear line of what is wrong."""

import argparse
import atexit
import os
import re
import shutil
import socket
import ssl
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from doorward.app.bootstrap import FirstStartRefused
from doorward.app.cli import CommandError
from doorward.app.cli.places import default_directory
from doorward.app.config import BadSetting, Settings, read_settings
from doorward.app.house import House, Plan, utc_now
from doorward.app.seed import Seed, SeedError, read_seed
from doorward.app.server import Certificate
from doorward.app.tls import TlsFiles, tls_files
from doorward.store.errors import StoreFailure

ACCOUNT_ID = re.compile(r"[0-9]{12}")
LARGEST_PORT = 65535
T = TypeVar("T")


def opened(args: argparse.Namespace) -> tuple[House, Certificate | None, TlsFiles | None]:
    """Open the house that `up` was asked for; what is wrong is said before anything is made."""
    directory = None if args.memory else args.data or default_directory()
    if args.account and not ACCOUNT_ID.fullmatch(args.account):
        raise CommandError(f"--account {args.account}: expected 12 digits")
    if args.memory and args.database:
        raise CommandError("--memory keeps nothing, --database does", "Leave one of them out.")
    _refuse_unbindable(args.host, args.port)
    seed = _seed(args.seed)
    if directory:
        _make(directory)
    settings = settings_in(directory, args.set)
    automatic = _automatic(args, directory)
    certificate = _certificate(args, automatic)
    plan = Plan(
        directory=directory,
        database=args.database,
        account=args.account,
        seed=seed,
        settings=settings,
    )
    return or_refused(lambda: House(plan)), certificate, automatic


def or_refused(work: Callable[[], T]) -> T:
    """Do it; what a store or a seed refuses is said in one line."""
    try:
        return work()
    except SeedError as error:
        raise CommandError(f"--seed: {error}", "See docs/seed.md.") from None
    except FirstStartRefused as error:
        raise CommandError(str(error), "Give another --data directory, or leave it out.") from None
    except (StoreFailure, ValueError) as error:
        raise CommandError(str(error)) from None


def settings_in(directory: Path | None, arguments: list[str]) -> Settings:
    """The settings of a data directory, this environment and these arguments."""
    file = directory / "doorward.toml" if directory else None
    try:
        text = file.read_text() if file and file.exists() else None
        return read_settings(text, os.environ, arguments)
    except BadSetting as error:
        raise CommandError(str(error), "`doorward status --settings` lists them.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from None


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{directory}: {error.strerror}", "Give another --data.") from None


def _refuse_unbindable(host: str, port: int) -> None:
    """Try the address out, so that a first start is not made for a server that cannot start."""
    if not 0 <= port <= LARGEST_PORT:
        raise CommandError(f"--port {port}: expected 0 to {LARGEST_PORT}")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(
            f"cannot listen on {host} port {port}: {reason}",
            "Give another --host or --port; --port 0 takes a free one.",
        ) from None


def _seed(file: Path | None) -> Seed | None:
    if file is None:
        return None
    try:
        seed = or_refused(lambda: read_seed(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"--seed {file}: {error.strerror}") from None
    parts = (seed.form, *seed.form.accounts)
    if any(part.root.access_key for part in parts):
        print(
            "warning: the seed gives root an access key; nothing limits what it may do. "
            "Keep this to tests.",
            file=sys.stderr,
        )
    return seed


def _automatic(args: argparse.Namespace, directory: Path | None) -> TlsFiles | None:
    if not args.tls_auto:
        return None
    if args.tls_cert or args.tls_key:
        raise CommandError("--tls-auto makes a certificate; leave --tls-cert and --tls-key out")
    place = directory / "tls" if directory else _passing_directory()
    try:
        return tls_files(place, args.host, utc_now())
    except (OSError, ValueError) as error:
        raise CommandError(f"{place}: {error}", f"Remove {place} to have it made anew.") from None


def _passing_directory() -> Path:
    """A directory that goes with the process."""
    place = Path(tempfile.mkdtemp(prefix="doorward-tls-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _certificate(args: argparse.Namespace, automatic: TlsFiles | None) -> Certificate | None:
    if automatic:
        return Certificate(automatic.chain, automatic.key)
    if not args.tls_cert and not args.tls_key:
        return None
    if not (args.tls_cert and args.tls_key):
        raise CommandError("--tls-cert and --tls-key go together")
    certificate = Certificate(args.tls_cert, args.tls_key)
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # A password would be asked for on the terminal; a server has nobody to ask.
        context.load_cert_chain(certificate.chain, certificate.key, password="")
    except (OSError, ValueError) as error:
        raise CommandError(
            f"--tls-cert {certificate.chain}, --tls-key {certificate.key}: {error}",
            "Both must be PEM files that this user can read, and belong together.",
        ) from None
    return certificate
