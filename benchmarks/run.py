"""Compare Doorward with moto's server under the same signed load; print ratios of one run.

Doorward runs with everything on: signature, decision, trail, SQLite with full synchronisation.
Each case is measured in pairs, one server after the other, and the medians are printed: a machine
that slows down slows both. Needs wrk on the PATH; moto gets an environment of its own.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

from load import script, signed

ROOT = Path(__file__).resolve().parent.parent
MOTO = ROOT / ".cache" / "moto"
MOTO_PORT = 5599
CONNECTIONS = 16
TICK = os.sysconf("SC_CLK_TCK")
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}

Call = Callable[..., str]


class Rate(NamedTuple):
    """What one server did."""

    per_s: float
    per_cpu_s: float


def main() -> None:
    """Run every case in pairs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="length of one measurement")
    parser.add_argument("--pairs", type=int, default=3, help="measurements of each server")
    parser.add_argument("--only", default="", help="one case, by its function's name")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not on the PATH: install it (Debian: apt-get install wrk)")
    _install_moto()
    print("| case | Doorward req/s | moto req/s | ratio | ratio per CPU-second |")
    print("|---|---:|---:|---:|---:|")
    for case in (caller_identity, assume_role, create_user, list_users):
        if args.only in {"", case.__name__}:
            print(_row(case, args.seconds, args.pairs), flush=True)


def caller_identity(_endpoint: str, call: Call) -> list[str]:
    """GetCallerIdentity"""
    return [call("sts", Action="GetCallerIdentity")]


def assume_role(endpoint: str, call: Call) -> list[str]:
    """AssumeRole"""
    document = json.dumps(TRUST)
    made = send(
        endpoint,
        call("iam", Action="CreateRole", RoleName="r", AssumeRolePolicyDocument=document),
    )
    arn = made.partition("<Arn>")[2].partition("<")[0]
    return [call("sts", Action="AssumeRole", RoleArn=arn, RoleSessionName="bench")]


def create_user(_endpoint: str, call: Call) -> list[str]:
    """CreateUser, each a new one up to the quota of 5,000"""
    return [call("iam", Action="CreateUser", UserName=f"bench-{n}") for n in range(60_000)]


def list_users(endpoint: str, call: Call) -> list[str]:
    """ListUsers over 1,000 users"""
    for n in range(1000):
        send(endpoint, call("iam", Action="CreateUser", UserName=f"user-{n}"))
    return [call("iam", Action="ListUsers", MaxItems="1000")]


def _row(case: Callable[[str, Call], list[str]], seconds: int, pairs: int) -> str:
    measured = [
        (_measured(doorward, case, seconds), _measured(moto, case, seconds)) for _ in range(pairs)
    ]
    ours = median(pair[0].per_s for pair in measured)
    theirs = median(pair[1].per_s for pair in measured)
    ratio = median(pair[0].per_s / pair[1].per_s for pair in measured)
    per_cpu = median(pair[0].per_cpu_s / pair[1].per_cpu_s for pair in measured)
    return f"| {case.__doc__} | {ours:,.0f} | {theirs:,.0f} | {ratio:.1f} | {per_cpu:.1f} |"


def _measured(server, case, seconds: int) -> Rate:
    with tempfile.TemporaryDirectory() as directory, server(Path(directory)) as (pid, url, keys):

        def call(service: str, **parameters: str) -> str:
            body = urlencode({**parameters, "Version": VERSIONS[service]})
            return signed(url, service, body, *keys)

        lua = script(Path(directory), case(url, call))
        before = _cpu_s(pid)
        per_s, count, _ = wrk(url, lua, seconds)
        return Rate(per_s, count / (_cpu_s(pid) - before))


def wrk(url: str, lua: Path, seconds: int) -> tuple[float, int, int]:
    """Calls a second, calls, and how many of them were refused."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(lua), f"{url}/"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    per_s = re.search(r"Requests/sec:\s+([\d.]+)", said)
    count = re.search(r"(\d+) requests in", said)
    assert per_s, said
    assert count, said
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return float(per_s[1]), int(count[1]), int(refused[1]) if refused else 0


@contextmanager
def doorward(directory: Path) -> Iterator[tuple[int, str, tuple[str, str]]]:
    """A Doorward on SQLite."""
    command = str(Path(sys.executable).parent / "doorward")
    with _process(
        [command, "up", "--data", str(directory / "data"), "--port", "0", "--json"]
    ) as up:
        facts = json.loads(up.stdout.readline())
        yield up.pid, facts["endpoint"], tuple(facts["admin"].values())


@contextmanager
def moto(_directory: Path) -> Iterator[tuple[int, str, tuple[str, str]]]:
    """moto's server."""
    url = f"http://127.0.0.1:{MOTO_PORT}"
    with _process([str(MOTO / "bin" / "moto_server"), "-p", str(MOTO_PORT)]) as process:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/moto-api/", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid, url, ("AKIAIOSFODNN7EXAMPLE", "secret")


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(15)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def send(endpoint: str, raw: str) -> str:
    head, _, body = raw.partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    request = urllib.request.Request(f"{endpoint}/", body.encode(), headers)
    return urllib.request.urlopen(request).read().decode()


def _install_moto() -> None:
    if (MOTO / "bin" / "moto_server").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(MOTO)], check=True)
    pip = [str(MOTO / "bin" / "pip"), "install", "--quiet", "moto[server]==5.2.5"]
    subprocess.run(pip, check=True)


if __name__ == "__main__":
    main()
