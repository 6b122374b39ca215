"""The example that tells how root stands, run as printed with the stock CLI."""

import shlex
import subprocess
from pathlib import Path

import pytest
from tests.clients.server import Keys, started

SCRIPT = Path(__file__).parents[2] / "examples" / "root-posture.sh"
ROOT = Keys("AKIAROOTROOTROOTROOT", "secret")
SEED = f"root: {{access_key: {{id: {ROOT.key_id}, secret: {ROOT.secret}}}}}\n"

pytestmark = pytest.mark.practice("S001-29")


@pytest.fixture
def posture(aws_1_words, tmp_path):
    """Run the script with `aws` on its path."""
    words, extra = aws_1_words
    command = tmp_path / "aws"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
    command.chmod(0o755)

    def run(server, keys=None):
        environment = server.environment(keys) | extra
        return subprocess.run(
            ["sh", str(SCRIPT)],
            env=environment | {"PATH": f"{tmp_path}:{environment['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_a_root_without_mfa_has_something_to_do(posture, server):
    done = posture(server)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        f"Root of account {server.account}",
        "TO DO  root has MFA",
        "ok     root has no access key",
        "ok     root has no signing certificate",
    ]
    assert lines[4] == "       its password was last used no_information"
    assert lines[-1].startswith("ok     root has changed nothing")


def test_a_key_of_root_and_its_use_are_seen(posture, aws_1_words, tmp_path):
    (tmp_path / "seed.yaml").write_text(SEED)
    words, extra = aws_1_words
    with started("--seed", str(tmp_path / "seed.yaml")) as server:
        subprocess.run(
            [*words, "iam", "create-user", "--user-name", "ann"],
            env=server.environment(ROOT) | extra,
            capture_output=True,
            check=True,
        )
        done = posture(server)
    assert done.returncode == 1, done.stderr
    assert "TO DO  root has no access key" in done.stdout
    assert "TO DO  root has changed nothing" in done.stdout


def test_whoever_may_not_ask_is_told_so(posture, server):
    done = posture(server, Keys(server.admin.key_id, "not-the-secret"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "ERROR it could not be told: the caller" in done.stderr
