import contextlib
import io
import json
import os
import select
import signal
import subprocess
import sys
import time

import pytest

from doorward.app.cli import main

COMMAND = [sys.executable, "-c", "import sys; from doorward.app.cli import main; sys.exit(main())"]
STARTS_WITHIN_S = 30


class Ran:
    """What a command said and how it ended."""

    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self):
        (line,) = self.out.splitlines()
        return json.loads(line)


@pytest.fixture
def run():
    """Run a command in this process."""

    def call(*words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([str(word) for word in words])
        return Ran(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """No test reads or writes the home of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "DOORWARD_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))


class Server:
    """A `doorward up` in a process of its own."""

    def __init__(self, *words):
        self.process = subprocess.Popen(
            [*COMMAND, "up", "--port", "0", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.line = self._first_line()
        self.facts = json.loads(self.line)

    def _first_line(self):
        ends = time.monotonic() + STARTS_WITHIN_S
        text = b""
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], ends - time.monotonic())
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not chunk:
                self.close()
                raise AssertionError("it never became ready")
            text += chunk
        return text.decode()

    def kill(self):
        self.process.kill()
        self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture
def server():
    """Start servers with `--json`; they are stopped when the test ends."""
    started = []

    def start(*words):
        started.append(Server("--json", *words))
        return started[-1]

    yield start
    for each in started:
        each.close()
