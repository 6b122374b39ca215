"""Every text file under a path. Links are not followed; `.git` is the history's."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from doorward.app.secret_scan.places import BINARY, LARGEST, Report
from doorward.app.secret_scan.text import hits, is_binary


def scan_tree(path: Path, report: Report) -> None:
    """Scan a file, or a folder with everything below it; a link only where it is `path` itself."""
    for file in _files(path.resolve() if path.is_symlink() else path, report):
        _scan_file(file, report)


def _files(path: Path, report: Report) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path, onerror=_note(report)):
        folders[:] = sorted(each for each in folders if each != ".git")
        yield from (Path(folder, name) for name in sorted(names))


def _note(report: Report) -> Callable[[OSError], None]:
    def note(error: OSError) -> None:
        report.skipped[str(error.filename)] = str(error.strerror)

    return note


def _scan_file(file: Path, report: Report) -> None:
    try:
        about = file.lstat()
        if not stat.S_ISREG(about.st_mode):
            return
        if about.st_size > LARGEST:
            report.skipped[str(file)] = f"larger than {LARGEST // 1024 // 1024} MiB"
            return
        content = file.read_bytes()
    except OSError as error:
        report.skipped[str(file)] = str(error.strerror)
        return
    if is_binary(content):
        report.skipped[str(file)] = BINARY
        return
    report.count()
    for hit in hits(content):
        report.add(hit, str(file))
