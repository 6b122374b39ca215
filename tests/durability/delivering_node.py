"""A node that delivers a trail and is killed at the n-th step of it; run by test_delivery_kill."""

import json
import os
import signal
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.app.delivery.delivering import Delivering, HouseOnDisk

from doorward.app.bootstrap import KeyPair
from doorward.store.sqlite import SqliteStore


class Steps:
    """Counts what reaches the disk; the blow falls before the n-th, never for 0."""

    def __init__(self, end):
        self.end = end
        self.taken = 0

    def around(self, owner, name):
        real = getattr(owner, name)

        def step(*args, **given):
            self.taken += 1
            if self.taken == self.end:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **given)

        setattr(owner, name, step)


def main(data, number, end):
    keys = data.with_name("admin.json")
    admin = KeyPair(*json.loads(keys.read_text())) if keys.exists() else None
    node = Delivering(HouseOnDisk(data, admin))
    node.house.clock.ahead = timedelta(minutes=40 * number)
    if admin is None:
        keys.write_text(json.dumps(node.house.admin))
        node.start(IsMultiRegionTrail=True)
    for each in range(3):
        node.user(f"n{number}-{each}")
    node.house.client("sts", region="eu-west-1").get_caller_identity()
    node.house.records()
    steps = Steps(end)
    for owner, name in (
        (tempfile, "mkstemp"),
        (os, "fsync"),
        (Path, "replace"),
        (SqliteStore, "put_setting"),
    ):
        steps.around(owner, name)
    node.round()
    node.round()
    print(steps.taken)  # noqa: T201 - what the test reads
    node.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
