"""A process that commits for ever and prints each revision it was promised. Args: DIR, SIZE."""

import resource
import sys
from pathlib import Path

from doorward.store.errors import StoreUnavailable
from doorward.store.sqlite import SqliteStore
from doorward.store.unit import RecordRow, Row, Unit

ACCOUNT = "111111111111"


def unit(revision, size):
    record = RecordRow(ACCOUNT, revision, f"e{revision}", "", "", "", "", False, (), "", b"{}")
    return Unit(ACCOUNT, revision, (Row("user", f"u{revision}", bytes(size)),), (record,))


def write_for_ever(store, size):
    revision, _ = store.read(ACCOUNT)
    while True:
        store.commit([unit(revision, size)])
        revision += 1
        print(revision, flush=True)  # noqa: T201 - the promise, to the parent


def fill_the_disk(store, size):
    """Write until no file may grow, then say what still works and what works afterwards."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        write_for_ever(store, size)
    except StoreUnavailable as error:
        print("refused:", error, flush=True)  # noqa: T201 - as above
    revision, rows = store.read(ACCOUNT)
    print("reads:", revision, len(rows), flush=True)  # noqa: T201 - as above
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print("recovered:", store.commit([unit(revision, size)])[ACCOUNT], flush=True)  # noqa: T201


if __name__ == "__main__":
    directory, size, *full = sys.argv[1:]
    run = fill_the_disk if full else write_for_ever
    run(SqliteStore(Path(directory)), int(size))
