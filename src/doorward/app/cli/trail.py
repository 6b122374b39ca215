"""`doorward trail verify|bucket`: prove delivered trails; make the folder of a bucket."""

import argparse
import json
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorward.app.cli import CommandError
from doorward.app.cli.places import answer, data_of, data_options, progress

if TYPE_CHECKING:
    from doorward.app.delivery.checking import Checked
    from doorward.app.delivery.known import Known

KEYS = "Make it anew: aws cloudtrail list-public-keys --start-time TIME > keys.json"
THEN = """\
Then: aws cloudtrail create-trail --name main --s3-bucket-name %s \\
          --is-multi-region-trail --enable-log-file-validation
      aws cloudtrail start-logging --name main"""
TIME = "as 2026-03-01 or 2026-03-01T12:00:00Z; digests that end in this time"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `trail`."""
    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    verify = actions.add_parser("verify", help="hold delivered files against their digests")
    verify.add_argument("path", type=Path, nargs="?", metavar="PATH", help="a bucket's folder")
    verify.add_argument("--keys", type=Path, metavar="FILE", help="what list-public-keys printed")
    verify.add_argument("--from", dest="start", type=_time, metavar="TIME", help=TIME)
    verify.add_argument("--to", dest="end", type=_time, metavar="TIME", help=TIME)
    data_options(verify, database=True)
    bucket = actions.add_parser("bucket", help="make the folder of a bucket trails deliver to")
    bucket.add_argument("name", metavar="NAME")
    data_options(bucket)


def run(args: argparse.Namespace) -> int:
    """Do it; `verify` ends with 0 when everything is as it was delivered, else with 1."""
    return _bucket(args) if args.action == "bucket" else _verify(args)


def _bucket(args: argparse.Namespace) -> int:
    from doorward.app.delivery.folder import FolderTarget
    from doorward.errors import AwsError
    from doorward.services.cloudtrail.names import refuse_odd_bucket

    try:
        refuse_odd_bucket(args.name)
        place = FolderTarget(_buckets(args)).make(args.name)
    except AwsError as error:
        raise CommandError(error.message, "3 to 63 of a-z, 0-9, . and -") from None
    except OSError as error:
        raise CommandError(
            f"{error.filename}: {error.strerror}", "Run this as the user who runs Doorward."
        ) from None
    answer(args, {"bucket": args.name, "directory": str(place)}, f"{place}\n{THEN % args.name}")
    return 0


def _buckets(args: argparse.Namespace) -> Path:
    from doorward.app.cli.opening import settings_in
    from doorward.app.delivery.targets import buckets_directory

    directory = data_of(args)
    return buckets_directory(settings_in(directory, []), directory) or directory


def _verify(args: argparse.Namespace) -> int:
    from doorward.app.delivery.known import Known, KnownByStore
    from doorward.app.stopped import open_reading
    from doorward.store.errors import StoreFailure

    folder = args.path or _buckets(args)
    if not folder.is_dir():
        raise CommandError(f"there is no folder {folder}", "Give the folder of a bucket.")
    try:
        with open_reading(data_of(args), args.database) as (store, _):
            return _answered(args, folder, lambda: KnownByStore(store))
    except StoreFailure as error:
        if not args.keys:
            raise CommandError(
                f"no public keys: {error}",
                "Give --data, or --keys with what `aws cloudtrail list-public-keys` printed.",
            ) from None
    return _answered(args, folder, Known)


def _answered(args: argparse.Namespace, folder: Path, known: Callable[[], "Known"]) -> int:
    found = _checked(args, folder, known())
    if found.troubles:
        # A server may have delivered meanwhile: what is wrong is so the second time as well.
        seen = {(each.kind, each.file) for each in found.troubles}
        found = _checked(args, folder, known())
        found.troubles = [each for each in found.troubles if (each.kind, each.file) in seen]
    if not found.digests and not found.troubles:
        if args.start or args.end:
            raise CommandError(
                f"no digest in {folder} ends in this time", "Leave --from, --to out."
            )
        raise CommandError(
            f"there are no digests in {folder}",
            "Run: aws cloudtrail update-trail --name NAME --enable-log-file-validation",
        )
    answer(args, asdict(found), _words(found))
    return 1 if found.troubles else 0


def _time(text: str) -> str:
    form = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?", text)
    try:
        known = form and datetime.fromisoformat(text)
    except ValueError:
        known = None
    if not known:
        raise argparse.ArgumentTypeError(f"{text} is no time such as 2026-03-01T12:00:00Z")
    return text


def _checked(args: argparse.Namespace, folder: Path, known: "Known") -> "Checked":
    from doorward.app.delivery.checking import Checker, Span

    keys = known.keys() | (_read_keys(args.keys) if args.keys else {})
    span = Span(args.start or "", f"{args.end}~" if args.end else "")
    return Checker(folder.absolute(), keys, known, span, progress).run()


def _read_keys(file: Path) -> dict[str, bytes]:
    try:
        listed = json.loads(file.read_bytes())["PublicKeyList"]
        return {each["Fingerprint"]: b64decode(each["Value"]) for each in listed}
    except OSError as error:
        raise CommandError(f"--keys {file}: {error.strerror}", KEYS) from None
    except (ValueError, KeyError, TypeError):
        raise CommandError(
            f"--keys {file}: it is not what `aws cloudtrail list-public-keys` prints", KEYS
        ) from None


def _words(found: "Checked") -> str:
    lines: list[Any] = []
    for each in found.troubles:
        lines.append(f"{each.file}: {each.what}")
        lines += [f"  {record}" for record in each.records]
    lines += [f"note: {note}" for note in found.notes]
    counted = f"digests {found.digests}, files {found.files}, records {found.records}"
    return "\n".join([*lines, f"{counted}: {_verdict(len(found.troubles))}."])


def _verdict(troubles: int) -> str:
    if not troubles:
        return "all is as delivered"
    return "1 thing is wrong" if troubles == 1 else f"{troubles} things are wrong"
