"""`doorward decide FILE`: judge the cases of a file, one a line; one decision a line comes out.

Exit code: 0 every line was a case, 1 some was not, 2 the file cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from doorward.app.cli import CommandError
from doorward.app.cli.places import progress
from doorward.errors import PolicyError
from doorward.policy.cases import Case, case_id, read_case
from doorward.policy.explain import as_json, describe, explain

LONGEST = 16 * 1024 * 1024
"""Bytes of a line."""
REPORT_EVERY = 50_000
PARTS = ("steps", "missing_context_keys", "changes", "allowed_if")
"""What `--explain` adds."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `decide`."""
    parser.add_argument("file", metavar="FILE", help="one case a line, as JSON; - is stdin")
    parser.add_argument("--explain", action="store_true", help="with all that led to each decision")
    parser.add_argument("--json", action="store_true", help="as always: one line of JSON a case")


def run(args: argparse.Namespace) -> int:
    """Judge line after line; a line that is no case is said and passed over."""
    wrong = False
    with _opened(args.file) as file:
        for answer in _answers(file, explained=args.explain):
            wrong |= "error" in answer
            # Each answer leaves at once, so that a program may ask and wait.
            print(json.dumps(answer), flush=True)
    return 1 if wrong else 0


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - a name may be a pipe's, as /dev/fd/63
            yield file
    except BrokenPipeError:
        raise  # not of this file: the reader of the answers went away
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}", "Give a file of cases, or -.") from None


def _answers(file: BinaryIO, *, explained: bool) -> Iterator[dict[str, Any]]:
    # SPEED: a hash for each id, not the id: a million cases stay below 100 MB.
    seen: set[int] = set()
    for number, line in _lines(file):
        if number % REPORT_EVERY == 0:
            progress(f"{number:,} lines …")
        answer = _answer(line, seen, explained=explained)
        if answer["id"] is None:
            answer["error"] = f"line {number}: {answer['error']}"
        yield answer


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines with something in them, by number; one that is too long is cut."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST + 1)
        if line.strip():
            yield number, line


def _answer(line: bytes, seen: set[int], *, explained: bool) -> dict[str, Any]:
    if len(line) > LONGEST:
        return {"id": None, "error": f"the line is longer than {LONGEST} bytes"}
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return {"id": None, "error": "the line is not UTF-8"}
    try:
        case = read_case(text)
    except PolicyError as error:
        where = f"{error.path}: " if error.path else ""
        return {"id": case_id(text), "error": f"{where}{error.reason}"}
    if hash(case.id) in seen:
        return {"id": case.id, "error": "id: it stands on an earlier line too"}
    seen.add(hash(case.id))
    return _decided(case, explained=explained)


def _decided(case: Case, *, explained: bool) -> dict[str, Any]:
    found = explain(case.request, case.policies)
    answer: dict[str, Any] = {
        "id": case.id,
        "decision": found.decision.outcome.value,
        "reason": describe(found.decision),
    }
    if not explained:
        return answer
    everything = as_json(found)
    return answer | {part: everything[part] for part in PARTS}
