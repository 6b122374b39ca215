"""Every version of every file a git repository remembers, reachable or not, each read once."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import IO, NamedTuple

from doorward.app.secret_scan.places import LARGEST, Report
from doorward.app.secret_scan.text import hits, is_binary


class HistoryUnread(Exception):  # noqa: N818 - what happened, read aloud
    """It is no repository, or git is not there; says which."""


class _Blob(NamedTuple):
    id: str
    size: int


def scan_history(path: Path, report: Report) -> None:
    """Scan the repository that holds the path.

    Raises:
        HistoryUnread: there is none that git can read.
    """
    found = []
    for blob, content in _contents(path, _blobs(path, report)):
        report.count()
        if not is_binary(content):
            found += [(blob.id, hit) for hit in hits(content)]
    origins = {blob_id: _origin(path, blob_id) for blob_id in dict.fromkeys(of for of, _ in found)}
    for blob_id, hit in found:
        report.add(hit, origins[blob_id])


def _blobs(path: Path, report: Report) -> list[_Blob]:
    form = "--batch-check=%(objectname) %(objecttype) %(objectsize)"
    rows = _asked(path, "cat-file", "--batch-all-objects", "--unordered", form).splitlines()
    found = [_Blob(name, int(size)) for name, kind, size in map(str.split, rows) if kind == "blob"]
    for blob in found:
        if blob.size > LARGEST:
            report.skipped[f"git object {blob.id}"] = f"larger than {LARGEST // 1024 // 1024} MiB"
    return [blob for blob in found if blob.size <= LARGEST]


def _contents(path: Path, blobs: list[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
    """One process gives them all; a thread asks, so that neither side waits for a full pipe."""
    command = _git(path, "cat-file", "--batch")
    with subprocess.Popen(  # noqa: S603 - git, with arguments of ours
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
    ) as process:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        asking = Thread(target=_ask, args=(process.stdin, blobs), daemon=True)
        asking.start()
        for blob in blobs:
            head = process.stdout.readline().split()
            if len(head) != 3:  # noqa: PLR2004 - id, kind, size
                raise HistoryUnread(f"git lost the object {blob.id}")
            yield blob, process.stdout.read(int(head[2]))
            process.stdout.read(1)
        asking.join()


def _ask(stdin: IO[bytes], blobs: list[_Blob]) -> None:
    try:
        stdin.writelines(f"{blob.id}\n".encode() for blob in blobs)
        stdin.close()
    except BrokenPipeError:
        return


def _origin(path: Path, blob_id: str) -> str:
    """The oldest commit that has the blob, and the path it had there."""
    told = _asked(
        path,
        "log",
        "--all",
        "--no-ext-diff",
        f"--find-object={blob_id}",
        "--format=%x00%h",
        "--name-only",
    )
    commits = [each.split("\n") for each in told.split("\0") if each]
    if not commits:
        return f"git object {blob_id[:10]}"
    commit, *names = [line for line in commits[-1] if line]
    return f"commit {commit} {names[0] if names else '(merge)'}"


def _asked(path: Path, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - git, with arguments of ours
            _git(path, *words), capture_output=True, check=True, env=_environment()
        )
    except FileNotFoundError:
        raise HistoryUnread("git is not installed") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
        raise HistoryUnread(f"{path}: {said[-1]}") from None
    return done.stdout.decode(errors="backslashreplace")


def _git(path: Path, *words: str) -> list[str]:
    folder = path if path.is_dir() else path.parent
    # A repository may name programs for git to run; none of these commands needs one.
    quiet = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-pager")
    return ["git", "-C", str(folder), *quiet, *words]


def _environment() -> dict[str, str]:
    return os.environ | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
