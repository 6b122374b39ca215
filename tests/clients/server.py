"""A Doorward in a process of its own, as a user starts one."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

STOP_S = 20


class Keys(NamedTuple):
    """What a client signs with."""

    key_id: str
    secret: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """Where a started Doorward answers, and its administrator's keys."""

    endpoint: str
    account: str
    admin: Keys
    home: Path

    def environment(self, keys: Keys | None = None) -> dict[str, str]:
        """All that a client's process gets: nothing of the machine's own AWS configuration."""
        signer = keys or self.admin
        token = {"AWS_SESSION_TOKEN": signer.token} if signer.token else {}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": signer.key_id,
            "AWS_SECRET_ACCESS_KEY": signer.secret,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            **token,
        }

    def reset(self) -> None:
        """Back to the first start, with the same keys."""
        with urlopen(Request(f"{self.endpoint}/_doorward/reset", method="POST")) as answer:
            assert answer.status == 200


@contextmanager
def started(*options: str, environment: dict[str, str] | None = None):
    """Serve from memory on a free port until the block ends."""
    with tempfile.TemporaryDirectory() as home:
        log = Path(home, "server.log")
        words = [str(Path(sys.executable).with_name("doorward")), "up", "--memory", "--port", "0"]
        with log.open("w") as errors:
            process = subprocess.Popen(
                [*words, "--json", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={"PATH": os.environ["PATH"], "HOME": home} | (environment or {}),
                text=True,
            )
        try:
            line = process.stdout.readline()
            assert line, log.read_text()
            yield _server(json.loads(line), Path(home))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_S)
            process.stdout.close()
        assert process.returncode in (0, -signal.SIGTERM), log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()


def _server(facts, home):
    admin = facts["admin"]
    keys = Keys(admin["access_key_id"], admin["secret_access_key"])
    return Server(facts["endpoint"], facts["account"], keys, home)
