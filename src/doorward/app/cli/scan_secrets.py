"""`doorward scan-secrets PATH`: find access keys in files, say whose they are, switch them off."""

import argparse
import sys
from pathlib import Path
from typing import Any

from doorward.app.cli import CommandError
from doorward.app.cli.places import answer, data_of, data_options

EVERY = 500


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `scan-secrets`."""
    from doorward.app.cli.endpoint import endpoint_option

    parser.add_argument("path", type=Path, metavar="PATH", help="a file or a folder")
    parser.add_argument("--history", action="store_true", help="also every version git remembers")
    parser.add_argument("--deactivate", action="store_true", help="switch off the keys that work")
    parser.add_argument(
        "--aws-profile", metavar="NAME", help="keys and endpoint of ~/.aws, also of AWS itself"
    )
    endpoint_option(parser)
    data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Scan; exit 0 when there is none, 1 when there is one, 2 when it could not be told."""
    from doorward.app.secret_scan.history import HistoryUnread, scan_history
    from doorward.app.secret_scan.places import Report
    from doorward.app.secret_scan.tree import scan_tree

    if not (args.path.is_file() or args.path.is_dir()):
        raise CommandError(
            f"{args.path}: there is no such file or folder", "Give a file, or . for this folder."
        )
    report = Report(on_text=_told)
    scan_tree(args.path, report)
    try:
        if args.history:
            scan_history(args.path, report)
    except HistoryUnread as error:
        raise CommandError(str(error), "Leave --history out, or give a repository.") from None
    rows, silence = _judged(args, report)
    if args.deactivate:
        _deactivate(args, rows, silence)
    facts = {"keys": rows, "read": report.texts, "skipped": report.skipped, "unasked": silence}
    answer(args, facts, _words(facts))
    return 1 if rows else 0


def _told(texts: int) -> None:
    if sys.stderr.isatty() and texts % EVERY == 0:
        print(f"{texts} texts …", end="\r", file=sys.stderr, flush=True)


def _judged(args: argparse.Namespace, report: Any) -> tuple[list[dict[str, Any]], str | None]:
    """A row for each key, and why nobody could be asked about them."""
    from doorward.app.secret_scan.text import KINDS, masked
    from doorward.authn.key_ids import account_of

    found = sorted(report.found.values(), key=lambda one: one.key_id)
    owners, silence = _owners(args, [each.key_id for each in found])
    rows = [
        {
            "access_key_id": each.key_id,
            "kind": KINDS[each.key_id[:4]],
            "account": account_of(each.key_id),
            "secrets": [masked(secret) for secret in sorted(each.secrets)],
            "owner": owners[each.key_id].name if each.key_id in owners else None,
            "live": owners[each.key_id].live if each.key_id in owners else None,
            "places": each.places,
        }
        for each in found
    ]
    return rows, silence


def _owners(args: argparse.Namespace, key_ids: list[str]) -> tuple[dict[str, Any], str | None]:
    """Ask a server that was named, else the data directory; a scan needs neither."""
    from botocore.exceptions import BotoCoreError, ClientError

    from doorward.store.errors import StoreFailure

    if not key_ids:
        return {}, None
    answers: dict[str, Any] = {}
    silence = None
    try:
        owner_of = _owner_of(args)
        for each in key_ids:
            try:
                answers[each] = owner_of(each)
            except ClientError as error:
                silence = str(error)
    except (BotoCoreError, StoreFailure) as error:
        return {}, str(error)
    return {key_id: owner for key_id, owner in answers.items() if owner}, silence


def _owner_of(args: argparse.Namespace) -> Any:
    from doorward.app.cli.key_client import asks_elsewhere, iam_client
    from doorward.app.secret_scan.owners import of_directory, of_server

    if asks_elsewhere(args):
        return of_server(iam_client(args))
    return of_directory(data_of(args))


def _deactivate(args: argparse.Namespace, rows: list[dict[str, Any]], silence: str | None) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    from doorward.app.cli.asking_server import failed_call
    from doorward.app.cli.key_client import iam_client
    from doorward.app.secret_scan.owners import ROOT

    if silence and not any(row["live"] for row in rows):
        raise CommandError(
            f"nobody can say whose they are: {silence}", "Name a server: --endpoint."
        )
    for row in rows:
        if not row["live"] or row["owner"] == ROOT:
            continue
        given = {"UserName": row["owner"], "AccessKeyId": row["access_key_id"]}
        try:
            iam_client(args).update_access_key(**given, Status="Inactive")
        except (BotoCoreError, ClientError) as error:
            raise failed_call(error, "iam:UpdateAccessKey") from None
        row["live"], row["deactivated"] = False, True


def _words(facts: dict[str, Any]) -> str:
    nobody = "whose it is is not known" if facts["unasked"] else "of nobody known here"
    lines = [line for row in facts["keys"] for line in _key_lines(row, nobody)]
    lines += _skipped_lines(facts["skipped"])
    if facts["unasked"]:
        whose = "the others" if any(row["owner"] for row in facts["keys"]) else "they"
        lines.append(f"whose {whose} are is not known: {facts['unasked']}")
    count = len(facts["keys"])
    said = "no access key" if not count else f"{count} access key{'s' * (count > 1)}"
    return "\n".join([*lines, f"{facts['read']} texts read, {said} found."])


def _skipped_lines(skipped: dict[str, str]) -> list[str]:
    """Binary files by their number, any others by name."""
    from doorward.app.secret_scan.places import BINARY

    lines = [f"not read: {place}: {why}" for place, why in skipped.items() if why != BINARY]
    binary = len(skipped) - len(lines)
    return [*lines, *([f"not read: {binary} binary files (--json names them)"] * bool(binary))]


def _key_lines(row: dict[str, Any], nobody: str) -> list[str]:
    secret = f" with its secret {', '.join(row['secrets'])}" if row["secrets"] else ""
    account = f" of account {row['account']}" if row["account"] else ""
    lines = [f"{row['access_key_id']}: {row['kind']}{account}{secret}", f"  {_state(row, nobody)}"]
    return [*lines, *(f"  {place}" for place in row["places"])]


def _state(row: dict[str, Any], nobody: str) -> str:
    if row.get("deactivated"):
        return f"belongs to {row['owner']}; deactivated now"
    if row["owner"] is None:
        return nobody
    if not row["live"]:
        return f"belongs to {row['owner']}; inactive"
    if row["owner"] == "root":
        return (
            "CRITICAL: belongs to root. Delete it as root: "
            f"aws iam delete-access-key --access-key-id {row['access_key_id']}"
        )
    return f"CRITICAL: belongs to {row['owner']} and works. Deactivate it: --deactivate"
