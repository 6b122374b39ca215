"""`doorward check FILE…`: is this policy sound? Every finding with its place and a correction.

FILE is a JSON policy, a folder of them (*.json, also in folders below), or - for stdin. Without
--type the kind is guessed: a Principal with sts:Assume… makes a trust policy, a Principal alone a
resource policy, anything else an identity policy; the guess is said.

Exit code: 0 nothing but suggestions was found, 1 something was, 2 a file cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from doorward import __version__
from doorward.analysis.validate import (
    Finding,
    Severity,
    codes,
    findings,
    gaps,
    kind_guess,
    not_checked,
)
from doorward.app.cli import CommandError
from doorward.policy.document import KINDS

LONGEST = 128 * 1024
"""Bytes of a document; AWS's longest quota is 40,000 characters."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One document and what was found in it."""

    name: str
    text: str
    kind: str
    guessed: bool
    findings: tuple[Finding, ...]
    gaps: tuple[str, ...]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="policies, folders, or - for stdin"
    )
    parser.add_argument("--type", choices=sorted(KINDS), help="the kind of policy [guessed]")
    parser.add_argument("--codes", action="store_true", help="list the checks, and those to come")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="answer with one line of JSON")
    shape.add_argument("--sarif", action="store_true", help="answer with SARIF 2.1.0")


def run(args: argparse.Namespace) -> int:
    """Check every document; what cannot be read is said, and the others are checked."""
    if args.codes:
        _show_codes(args)
        return 0
    if not args.files:
        raise CommandError("no file is given", "Give policies, folders, or - for stdin.")
    checked: list[Checked] = []
    unreadable: dict[str, str] = {}
    for name in _names(args.files):
        try:
            checked.append(_checked(name, args.type))
        except (OSError, ValueError) as error:
            unreadable[name] = _reason(error)
    _show(args, checked, unreadable)
    if unreadable:
        return 2
    serious = (each.severity is not Severity.SUGGESTION for one in checked for each in one.findings)
    return 1 if any(serious) else 0


def _names(given: list[str]) -> Iterator[str]:
    """Every document, those of a folder in order."""
    for name in dict.fromkeys(given):
        path = Path(name)
        if name == "-" or not path.is_dir():
            yield name
            continue
        inside = sorted(str(each) for each in path.rglob("*.json") if each.is_file())
        if not inside:
            raise CommandError(f"{name}: no *.json file is in this folder", "Name the files.")
        yield from inside


def _checked(name: str, given: str | None) -> Checked:
    text = _read(name)
    kind = given or kind_guess(text)
    return Checked(name, text, kind, given is None, findings(text, kind), gaps(text, kind))


def _read(name: str) -> str:
    if name == "-":
        content = sys.stdin.buffer.read(LONGEST + 1)
    else:
        with Path(name).open("rb") as file:
            content = file.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise ValueError(f"longer than any policy: more than {LONGEST:,} bytes")
    return content.decode()


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return str(error.strerror if isinstance(error, OSError) else error)


def _show(args: argparse.Namespace, checked: list[Checked], unreadable: dict[str, str]) -> None:
    if args.json:
        print(json.dumps(_as_json(checked, unreadable)))
    elif args.sarif:
        print(json.dumps(_as_sarif(checked, unreadable), indent=2))
    else:
        from doorward.app.cli.check_terminal import show

        show(checked, unreadable)


def _as_json(checked: list[Checked], unreadable: dict[str, str]) -> dict[str, Any]:
    from doorward.analysis.validate.as_json import as_json

    return {
        "findings": [
            {"file": one.name, "type": one.kind, **as_json(each)}
            for one in checked
            for each in one.findings
        ],
        "errors": [{"file": name, "error": why} for name, why in unreadable.items()],
        "not_checked": [
            {"file": one.name, "type": one.kind, "guessed": one.guessed}
            | {"codes": list(not_checked(one.kind)), "unknown": list(one.gaps)}
            for one in checked
        ],
    }


def _as_sarif(checked: list[Checked], unreadable: dict[str, str]) -> dict[str, Any]:
    from doorward.analysis.validate.as_sarif import as_sarif

    return as_sarif(
        {_uri(one.name): one.text for one in checked},
        [(_uri(one.name), each) for one in checked for each in one.findings],
        {_uri(name): why for name, why in unreadable.items()},
        __version__,
    )


def _uri(name: str) -> str:
    """A file as SARIF names it: from the working folder where it is below, else as it is."""
    path = Path(name)
    if not path.is_absolute():
        return quote("stdin" if name == "-" else path.as_posix())
    here = Path.cwd()
    return quote(path.relative_to(here).as_posix()) if here in path.parents else path.as_uri()


def _show_codes(args: argparse.Namespace) -> None:
    rows = [
        {
            "code": code.code,
            "severity": code.severity.value,
            "practice": code.practice or None,
            "aws": code.is_aws,
            "checked": code.checked,
            "types": list(code.kinds),
            "meaning": code.meaning,
        }
        for code in codes()
    ]
    if args.json:
        print(json.dumps(rows))
        return
    for code in codes():
        state = "checked" if code.checked else "not checked yet"
        first = code.meaning.partition("\n")[0]
        print(f"{code.severity.value:17}{state:17}{code.code}\n    {first}")
    have = sum(code.checked for code in codes())
    print(f"{have} of {len(codes())} are checked.")
