"""Kill -9 while a trail is delivered: nothing is lost, nothing comes twice, the chain proves it.

`DOORWARD_KILLS=60` kills sixty times; the few of a usual run find what is plainly wrong.
"""

import gzip
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.durability.ledger import records_of

from doorward.app.delivery.checking import Checker, Span
from doorward.app.delivery.known import KnownByStore
from doorward.app.stopped import main_account
from doorward.store import open_read_only

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("DOORWARD_KILLS", "6"))
# How many steps one round takes, roughly; numbers prime to it reach each of them in time.
STEPS, STRIDE = 60, 23


def node(data, number, end=0):
    """Let a node deliver; its exit code and how many steps it took."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.delivering_node", data, str(number), str(end)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode, int(done.stdout or 0)


def test_a_killed_delivery_goes_on_where_it_stopped(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    _, steps = node(data, 0)
    assert steps > 10
    killed = 0
    for number in range(1, KILLS + 1):
        code, _ = node(data, number, 1 + number * STRIDE % STEPS)
        killed += code != 0
    assert killed >= KILLS // 3
    node(data, KILLS + 1)
    node(data, KILLS + 4)
    bucket = data / "trail" / "logs"
    with closing(open_read_only(data)) as store:
        assert delivered(bucket) == logged(store)
        assert proven(bucket, store) == []
    assert list(bucket.rglob("*.part")) == []


def delivered(bucket):
    """How often each record was delivered."""
    places = [each for each in bucket.rglob("*.json.gz") if "_CloudTrail_" in each.name]
    files = [json.loads(gzip.decompress(each.read_bytes())) for each in places]
    return Counter(record["eventID"] for file in files for record in file["Records"])


def logged(store):
    """Every record since the trail began to log, once."""
    records = records_of(store, main_account(store))[::-1]
    names = [record["eventName"] for record in records]
    began = names.index("StartLogging")
    return Counter(record["eventID"] for record in records[began:])


def proven(bucket, store):
    known = KnownByStore(store)
    checker = Checker(bucket, known.keys(), known, Span(), lambda _text: None)
    found = checker.run()
    assert found.digests > KILLS // 2
    return found.troubles
