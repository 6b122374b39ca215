"""How soon a node is ready and how much memory it takes, fresh and with a full account.

Prints a table: seconds from the start of the process until its first answer, the resident set then,
and the resident set and the time of the first call that needs the whole account.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from load import signed

from doorward.account.model import InlinePolicy, ManagedPolicy, PolicyVersion, Role, Tag, User
from doorward.app.live import Live, read_live
from doorward.store import open_store
from doorward.store.unit import Unit

COMMAND = Path(sys.executable).with_name("doorward")
MADE = datetime(2026, 1, 1, tzinfo=UTC)
KIB_PER_MIB = 1024
DOCUMENT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
                "Resource": ["arn:aws:s3:::team-%d", "arn:aws:s3:::team-%d/*"],
                "Condition": {"StringEquals": {"aws:PrincipalTag/team": "t%d"}},
            },
            {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
        ],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True)
class Size:
    """How much is in the account."""

    users: int
    roles: int
    policies: int

    def __str__(self):
        if not self.users:
            return "fresh"
        return f"{self.users:,} users, {self.roles:,} roles, {self.policies:,} policies"


def main():
    """Measure each size a few times and print the median of each column."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print("| account | ready s | RSS MiB | first call ms | RSS after MiB | ListUsers 1,000 ms |")
    print("|---|---|---|---|---|---|")
    for size in (Size(0, 0, 0), Size(1_000, 100, 200), Size(10_000, 1_000, 2_000)):
        columns = zip(*_measured(size, runs), strict=True)
        ready, rss, first, after, listed = (sorted(column)[runs // 2] for column in columns)
        print(
            f"| {size} | {ready:.2f} | {rss:.0f} | {first:.1f} | {after:.0f} | {listed:.1f} |",
            flush=True,
        )


def _measured(size, runs):
    with tempfile.TemporaryDirectory() as home:
        data = Path(home) / "data"
        with _started(data) as (facts, _):
            keys = tuple(facts["admin"].values())
        _fill(data, facts["account"], size)
        return [_run(data, keys) for _ in range(runs)]


def _run(data, keys):
    with _started(data) as (facts, took_s):
        pid, endpoint = facts["pid"], facts["endpoint"]
        ready = (took_s, _rss_mib(pid))
        first_ms = _call_ms(endpoint, keys, Action="GetUser", UserName="admin")
        listed_ms = _call_ms(endpoint, keys, Action="ListUsers", MaxItems="1000")
        return (*ready, first_ms, _rss_mib(pid), listed_ms)


@contextmanager
def _started(data):
    """A node, and the seconds until it answered `/ready`."""
    began = time.monotonic()
    with subprocess.Popen(
        [str(COMMAND), "up", "--data", str(data), "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            facts = json.loads(process.stdout.readline())
            urllib.request.urlopen(f"{facts['endpoint']}/ready").read()
            yield facts, time.monotonic() - began
        finally:
            process.terminate()
            process.wait(20)


def _fill(data, account_id, size):
    with closing(open_store(data)) as store:
        live = read_live(account_id, *store.read(account_id))
        account = live.account
        for entity in _entities(account_id, size):
            account = account.put(entity)
        rows = Live(account).rows()
        store.commit([Unit(account_id, live.revision, rows)] if rows else [])


def _entities(account_id, size):
    for n in range(size.policies):
        text = DOCUMENT.replace("%d", str(n))
        yield ManagedPolicy(
            name=f"policy-{n}",
            policy_id=f"ANPA{n:017}",
            created=MADE,
            updated=MADE,
            versions=(PolicyVersion("v1", text, MADE),),
        )
    for n in range(size.roles):
        yield Role(
            name=f"role-{n}",
            role_id=f"AROA{n:017}",
            created=MADE,
            trust=TRUST,
            attached=(f"arn:aws:iam::{account_id}:policy/policy-{n % size.policies}",),
            tags=(Tag("team", f"t{n % 50}"),),
        )
    for n in range(size.users):
        yield User(
            name=f"user-{n}",
            user_id=f"AIDA{n:017}",
            created=MADE,
            groups=("Administrators",) if n % 1000 == 0 else (),
            attached=(f"arn:aws:iam::{account_id}:policy/policy-{n % size.policies}",),
            inline=(InlinePolicy("own", DOCUMENT.replace("%d", str(n))),) if n % 4 == 0 else (),
            tags=(Tag("team", f"t{n % 50}"), Tag("costs", f"c{n % 100}")),
        )


def _call_ms(endpoint, keys, **parameters):
    raw = signed(endpoint, "iam", urlencode({**parameters, "Version": "2010-05-08"}), *keys)
    head, _, body = raw.partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    request = urllib.request.Request(f"{endpoint}/", body.encode(), headers)
    began = time.monotonic()
    urllib.request.urlopen(request).read()
    return 1000 * (time.monotonic() - began)


def _rss_mib(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kib) / KIB_PER_MIB


if __name__ == "__main__":
    main()
