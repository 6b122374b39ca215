"""A real PostgreSQL for tests: the system's, or the `pgserver` wheel's; else a skip that says so.

`DOORWARD_TEST_REQUIRE=all` makes the skip a failure. In any suite's conftest:
`from tests.store.postgres import postgres_cluster`, then `postgres_cluster.database()` is a URL.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic

import pytest

START_S = 20
numbers = count()


def require(reason: str) -> None:
    """Skip, or fail where everything is required."""
    if os.environ.get("DOORWARD_TEST_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


def binaries() -> Path | None:
    """The newest PostgreSQL's bin folder."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return max(found, key=lambda initdb: float(initdb.parent.parent.name)).parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    wheel = importlib.util.find_spec("pgserver")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "pginstall" / "bin"
        return bundled if (bundled / "initdb").exists() else None
    return None


def unprivileged() -> dict[str, int]:
    """Who runs it: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    return {}


@dataclass
class Cluster:
    """A PostgreSQL of our own, on a unix socket only."""

    bin: Path
    home: Path
    process: "subprocess.Popen[bytes] | None" = None

    def make(self) -> None:
        who = unprivileged()
        if who:
            os.chown(self.home, who["user"], who["group"])
        self._run("initdb", "-D", self.data, "-U", "doorward", "-A", "trust", "-N", "-E", "UTF8")

    @property
    def data(self) -> str:
        return str(self.home / "data")

    def start(self) -> None:
        # fsync stays off: these tests end the processes, never the machine.
        options = ("listen_addresses=", "shared_buffers=16MB", "max_connections=40")
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data, "-k", str(self.home), "-F"]
                + [part for option in options for part in ("-c", option)],
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.home,
                **unprivileged(),
            )
        self._until_ready()

    def _until_ready(self) -> None:
        deadline = monotonic() + START_S
        while self._run("pg_isready", "-h", str(self.home), "-t", "1", check=False) != 0:
            if self.process.poll() is not None or monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start: {(self.home / 'log').read_text()[-2000:]}")

    def kill(self) -> None:
        """Crash the whole cluster: SIGQUIT is PostgreSQL's immediate shutdown."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_S)

    def database(self) -> str:
        """Make a fresh database and return its URL."""
        name = f"t{next(numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://doorward@/{name}?host={self.home}"

    def sql(self, name: str, statement: str) -> list[tuple]:
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            answer = connection.execute(statement)
            return answer.fetchall() if answer.description else []

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        done = subprocess.run(
            [self.bin / program, *arguments],
            capture_output=True,
            cwd=self.home,
            check=False,
            **unprivileged(),
        )
        if check and done.returncode:
            require(f"PostgreSQL's {program} failed: {done.stderr.decode()[-500:]}")
        return done.returncode


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster for the block; skips where there is no PostgreSQL or no psycopg."""
    if importlib.util.find_spec("psycopg") is None:
        require("no psycopg: install doorward[postgresql]")
    found = binaries()
    if found is None:
        require("no PostgreSQL: install postgresql, or the pgserver wheel")
    with tempfile.TemporaryDirectory(prefix="dw-pg-", dir="/tmp") as home:  # socket paths are short
        Path(home).chmod(0o755)
        cluster = Cluster(found, Path(home))
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.kill()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One cluster for the whole run; take a database of your own from it."""
    with running_cluster() as cluster:
        yield cluster
