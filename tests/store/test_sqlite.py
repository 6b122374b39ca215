import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.store.conformance import A, StoreConformance, a_record, find, users

from doorward.store import open_read_only, open_store
from doorward.store.errors import Conflict, DirectoryLocked, SchemaTooNew, StoreUnavailable
from doorward.store.migrations import steps
from doorward.store.sqlite import SqliteStore
from doorward.store.unit import Unit

WRITER = Path(__file__).with_name("sqlite_writer.py")


class TestSqliteStore(StoreConformance):
    @pytest.fixture
    def store(self, sqlite):
        return sqlite


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "data"


@contextmanager
def a_writer(directory, *arguments):
    command = [sys.executable, WRITER, directory, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_killed_process_loses_nothing_it_promised(directory):
    promised = 0
    for _ in range(5):
        with a_writer(directory, "300") as writer:
            for _ in range(25):
                promised = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            promised = max([promised, *map(int, writer.stdout.read().split())])
        with closing(SqliteStore(directory)) as store:
            revision, rows = store.read(A)
            assert revision in {promised, promised + 1}
            assert len(rows) == revision
            assert len(find(store, limit=10_000)) == revision


def test_a_full_disk_refuses_writes_keeps_reading_and_recovers(directory):
    with a_writer(directory, "20000", "full") as writer:
        *promised, refused, reads, recovered = writer.stdout.read().splitlines()
    last = int(promised[-1])
    assert refused.startswith("refused: The store is not available")
    assert reads == f"reads: {last} {last}"
    assert recovered == f"recovered: {last + 1}"


def test_a_second_process_is_told_who_has_the_directory(directory):
    with a_writer(directory, "10") as writer:
        writer.stdout.readline()
        with pytest.raises(DirectoryLocked, match=f"process {writer.pid}") as caught:
            SqliteStore(directory)
        assert caught.value.pid == writer.pid


def test_a_directory_is_free_after_close_and_not_before(directory):
    store = SqliteStore(directory)
    with pytest.raises(DirectoryLocked, match=str(os.getpid())):
        SqliteStore(directory)
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.accounts()
    SqliteStore(directory).close()


def test_a_lock_without_a_number_names_nobody(directory):
    store = SqliteStore(directory)
    (directory / "lock").write_text("")
    with pytest.raises(DirectoryLocked, match="another process"):
        SqliteStore(directory)
    store.close()


def test_nobody_else_may_read_the_files(directory):
    with closing(SqliteStore(directory)) as store:
        store.commit([Unit(A, 0, users("a"))])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}
    assert modes == dict.fromkeys(
        ("lock", "doorward.db", "doorward.db-wal", "doorward.db-shm"), 0o600
    )
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_what_was_written_is_there_after_a_restart(directory):
    with closing(open_store(directory)) as store:
        store.commit([Unit(A, 0, users("a"), (a_record(),))])
    with closing(open_store(str(directory))) as store:
        assert store.read(A) == (1, [*users("a")])
        assert len(find(store)) == 1


def test_commits_are_synced_to_the_disk(sqlite):
    def settings(session):
        names = ("journal_mode", "synchronous")
        return [session.rows(f"PRAGMA {name}")[0][0] for name in names]

    assert sqlite.write(settings) == ["wal", 2]


def test_reading_goes_on_beside_a_server_and_writing_is_refused(directory):
    with closing(SqliteStore(directory)) as server, closing(open_read_only(directory)) as reader:
        server.commit([Unit(A, 0, users("a"))])
        assert reader.read(A) == (1, [*users("a")])
        with pytest.raises(StoreUnavailable, match="reading only"):
            reader.commit([Unit(A, 1, users("b"))])
        server.commit([Unit(A, 1, users("b"))])
        assert reader.accounts() == {A: 2}


def test_reading_works_without_a_server_and_makes_nothing(directory, tmp_path):
    SqliteStore(directory).close()
    with closing(open_read_only(directory)) as reader:
        assert reader.accounts() == {}
    with pytest.raises(StoreUnavailable, match="there is no"):
        open_read_only(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_directory_that_cannot_be_made_is_unavailable(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="Not a directory"):
        SqliteStore(tmp_path / "file" / "data")


def test_what_is_no_database_is_unavailable_and_the_lock_is_let_go(directory):
    directory.mkdir()
    (directory / "doorward.db").write_bytes(b"no database at all" * 100)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="not a database"):
            SqliteStore(directory)


def test_a_wrong_statement_is_a_bug_and_not_an_outage(sqlite):
    with pytest.raises(sqlite3.OperationalError):
        sqlite.query(lambda session: session.rows("SELECT nothing FROM nowhere"))
    assert sqlite.accounts() == {}


def test_a_failing_piece_of_work_is_undone(sqlite):
    def work(session):
        session.run("INSERT INTO account (id, revision) VALUES ('1', 1)")
        raise KeyError

    with pytest.raises(KeyError):
        sqlite.write(work)
    assert sqlite.accounts() == {}


KNOWN = len(steps("sqlite"))
NEXT = """ALTER TABLE account ADD COLUMN note TEXT NOT NULL DEFAULT '';
UPDATE account SET note = id;"""


def test_a_newer_doorward_brings_the_schema_forward_and_keeps_the_data(directory):
    with closing(SqliteStore(directory)) as store:
        store.commit([Unit(A, 0, users("a"))])
    newer = (*steps("sqlite"), NEXT)
    for _ in range(2):
        with closing(SqliteStore(directory, upward=newer)) as store:
            assert store.read(A) == (1, [*users("a")])
            assert store.query(lambda s: s.rows("SELECT note FROM account")) == [(A,)]


@pytest.mark.parametrize("read_only", [False, True])
def test_an_older_doorward_refuses_a_newer_schema(directory, read_only):
    SqliteStore(directory, upward=(*steps("sqlite"), NEXT)).close()
    with pytest.raises(
        SchemaTooNew, match=f"schema version {KNOWN + 1}, this Doorward knows up to {KNOWN}"
    ):
        SqliteStore(directory, read_only=read_only)


def test_a_reader_does_not_bring_an_old_schema_forward(directory):
    SqliteStore(directory).close()
    with pytest.raises(StoreUnavailable, match="older"):
        SqliteStore(directory, read_only=True, upward=(*steps("sqlite"), NEXT))


def test_a_step_that_fails_leaves_the_version_before(directory):
    SqliteStore(directory).close()
    with pytest.raises(sqlite3.OperationalError):
        SqliteStore(directory, upward=(*steps("sqlite"), "CREATE TABLE x (y);\nNONSENSE;"))
    with closing(SqliteStore(directory)) as store:
        assert (
            store.query(lambda s: s.rows("SELECT name FROM sqlite_master WHERE name = 'x'")) == []
        )


def test_a_conflict_does_not_cost_the_connection(sqlite):
    sqlite.commit([Unit(A, 0, users("a"))])
    with pytest.raises(Conflict):
        sqlite.commit([Unit(A, 0, users("a"))])
    assert sqlite.commit([Unit(A, 1, users("b"))]) == {A: 2}
