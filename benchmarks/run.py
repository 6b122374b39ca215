"""Compare Doorward with moto's server under the same signed load; print ratios of one run.

Doorward runs with everything on: signature, decision, trail, SQLite with full synchronisation.
Needs wrk on the PATH; moto is installed into an environment of its own under `.cache/`.
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
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from load import script, signed

ROOT = Path(__file__).resolve().parent.parent
MOTO = ROOT / ".cache" / "moto"
SECONDS = 6
CONNECTIONS = 16
TICK = os.sysconf("SC_CLK_TCK")


def main():
    """Run every case against both and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not on the PATH: install it (Debian: apt-get install wrk)")
    _install_moto()
    print("| case | Doorward req/s | moto req/s | ratio | ratio per CPU-second |")
    print("|---|---|---|---|---|")
    for case in (caller_identity, assume_role, create_user, list_users):
        if args.only and case.__name__ != args.only:
            continue
        ours = _measured(doorward, case, args.seconds)
        theirs = _measured(moto, case, args.seconds)
        rate, cpu = ours[0] / theirs[0], ours[1] / theirs[1]
        print(
            f"| {case.__doc__} | {ours[0]:,.0f} | {theirs[0]:,.0f} | {rate:.1f} x | {cpu:.1f} x |",
            flush=True,
        )


def caller_identity(_endpoint, call):
    """GetCallerIdentity"""
    return [call("sts", Action="GetCallerIdentity")]


def assume_role(endpoint, call):
    """AssumeRole"""
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    made = _send(
        endpoint,
        call("iam", Action="CreateRole", RoleName="r", AssumeRolePolicyDocument=trust),
    )
    arn = re.search(r"<Arn>(.*?)</Arn>", made).group(1)
    return [call("sts", Action="AssumeRole", RoleArn=arn, RoleSessionName="bench")]


def create_user(_endpoint, call):
    """CreateUser (each is new)"""
    return [call("iam", Action="CreateUser", UserName=f"bench-{n}") for n in range(60_000)]


def list_users(endpoint, call):
    """ListUsers over 1,000 users"""
    for n in range(1000):
        _send(endpoint, call("iam", Action="CreateUser", UserName=f"user-{n}"))
    return [call("iam", Action="ListUsers", MaxItems="1000")]


def _measured(server, case, seconds):
    """(requests per second, requests per CPU-second) of one server under one case."""
    with tempfile.TemporaryDirectory() as directory, server(Path(directory)) as (pid, url, keys):

        def call(service, **parameters):
            version = {"iam": "2010-05-08", "sts": "2011-06-15"}[service]
            return signed(url, service, urlencode({**parameters, "Version": version}), *keys)

        lua = script(Path(directory), "load", case(url, call))
        _wrk(url, lua, 1)
        before, started = _cpu_s(pid), time.monotonic()
        rate, count = _wrk(url, lua, seconds)
        cpu = _cpu_s(pid) - before
        assert time.monotonic() > started
        return rate, count / cpu


def _wrk(url, lua, seconds):
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(lua), f"{url}/"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if re.search(r"Non-2xx", done) and "CreateUser" not in lua.read_text():
        print(done, file=sys.stderr)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done).group(1))
    count = int(re.search(r"(\d+) requests in", done).group(1))
    return rate, count


@contextmanager
def doorward(directory):
    """A Doorward on SQLite."""
    command = [sys.executable, "-m", "doorward.app.cli", "up"]
    command = [str(Path(sys.executable).parent / "doorward"), "up"]
    with _process(
        [*command, "--data", str(directory / "data"), "--port", "0", "--json"]
    ) as process:
        facts = json.loads(process.stdout.readline())
        admin = facts["admin"]
        yield (
            process.pid,
            facts["endpoint"],
            (admin["access_key_id"], admin["secret_access_key"]),
        )


@contextmanager
def moto(_directory):
    """moto's server."""
    url = "http://127.0.0.1:5599"
    with _process([str(MOTO / "bin" / "moto_server"), "-p", "5599"]) as process:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/moto-api/", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid, url, ("AKIAIOSFODNN7EXAMPLE", "secret")


@contextmanager
def _process(command):
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(15)


def _cpu_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _send(endpoint, raw):
    head, _, body = raw.partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    request = urllib.request.Request(f"{endpoint}/", body.encode(), headers)
    return urllib.request.urlopen(request).read().decode()


def _install_moto():
    if not (MOTO / "bin" / "moto_server").exists():
        subprocess.run([sys.executable, "-m", "venv", str(MOTO)], check=True)
        subprocess.run(
            [str(MOTO / "bin" / "pip"), "install", "-q", "moto[server]==5.2.5"], check=True
        )


if __name__ == "__main__":
    main()
