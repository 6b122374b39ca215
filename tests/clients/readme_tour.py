"""The README's console blocks: read, typed into a shell, compared or renewed.

    python -m tests.clients.readme_tour     rewrites the blocks with what is answered today

The first block is `make up`, answered by a server on a free port; the others are one shell session.
"""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.clients import installs

README = installs.ROOT / "README.md"
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
DONE = "\x1e"  # printed after each command; nothing else prints it
PORT = "4599"
SHELL_S = 120

# What differs from run to run, and what the README shows in its place.
MASKS = (
    (r"127\.0\.0\.1:\d+", f"127.0.0.1:{PORT}"),
    (r"\b(AKIA|ASIA)[A-Z2-7]{16}\b", r"\1IOSFODNN7EXAMPLE"),
    (r"\b(AIDA|AROA|ANPA)[A-Z2-7]{13,17}\b", r"\1J2UCCR6DPCEXAMPLE"),
    (r"(?<![0-9])[0-9]{12}(?![0-9])", "111122223333"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "01a200b4-8bf1-74a1-aa70-15623305719d"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "2026-11-22T00:45:50Z"),
    (r"(SECRET_ACCESS_KEY=)\S+", r"\1wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    (r"(, aws-cli/)\S+ .*", r"\1…"),
    (r"(password )\S{16,}", r"\1shown-once-and-random"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """One command as the README shows it, and its answer."""

    lines: tuple[str, ...]
    answer: str

    @property
    def command(self) -> str:
        return "\n".join(line[2:] for line in self.lines)

    def with_answer(self, answer: str) -> str:
        return "".join(f"{line}\n" for line in self.lines) + answer


def blocks(text: str) -> list[list[Typed]]:
    return [_typed(found) for found in BLOCK.findall(text)]


def _typed(block: str) -> list[Typed]:
    parts = re.split(r"(?m)^(?=\$ )", block)
    return [_one(part) for part in parts if part]


def _one(part: str) -> Typed:
    lines = part.splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if n and not line.startswith(">")), len(lines))
    return Typed(tuple(line.rstrip("\n") for line in lines[:count]), "".join(lines[count:]))


def masked(text: str) -> str:
    for pattern, shown in MASKS:
        text = re.sub(pattern, shown, text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def answers(sessions: list[list[Typed]]) -> list[list[str]]:
    """What a fresh Doorward and the AWS CLI v1 answer to each command, masked."""
    with tempfile.TemporaryDirectory() as home, _up(Path(home)) as said:
        typed = [one.command for session in sessions[1:] for one in session]
        answered = iter(_type(Path(home), typed))
        return [[masked(said)], *([next(answered) for _ in session] for session in sessions[1:])]


@contextmanager
def _up(home: Path):
    """`make up` in an empty folder, on a free port; gives all that it said until it was ready."""
    (home / ".venv").symlink_to(Path(sys.executable).parents[1])
    words = [str(Path(sys.executable).with_name("doorward")), "up", "--data", "./.doorward"]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [*words, "--port", "0"],
            cwd=home,
            env={"PATH": os.environ["PATH"], "HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield _until_ready(process.stdout)
    finally:
        process.terminate()
        process.wait(SHELL_S)
        process.stdout.close()


def _until_ready(output) -> str:
    said = ""
    for line in output:
        said += line
        if line.startswith("Then try:"):
            break
    return said


def _type(home: Path, commands: list[str]) -> list[str]:
    """Type the commands into one shell, with nothing but an `aws` on its path."""
    folder = installs.aws_cli_1()
    binaries = home / "bin"
    binaries.mkdir()
    aws = binaries / "aws"
    aws.write_text(
        f'#!/bin/sh\nPYTHONPATH={folder} exec {sys.executable} -W ignore -m awscli "$@"\n'
    )
    aws.chmod(0o755)
    script = "".join(f"{command}\nprintf '{DONE}'\n" for command in commands)
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=home,
        env={"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(home), "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SHELL_S,
        text=True,
        check=True,
    )
    return [masked(part.lstrip("\n")) for part in done.stdout.split(DONE)[:-1]]


def renewed(text: str) -> str:
    """The README with every answer as it is today."""
    sessions = blocks(text)
    fresh = iter(
        "".join(one.with_answer(answer) for one, answer in zip(session, said, strict=True))
        for session, said in zip(sessions, answers(sessions), strict=True)
    )
    return BLOCK.sub(lambda _: next(fresh), text)


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
