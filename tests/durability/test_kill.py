"""Kill -9 under load: what was promised is there afterwards, and nothing is there by halves.

`DOORWARD_KILLS=30` kills thirty times a store; the few of a usual run find what is plainly wrong.
"""

import os
from contextlib import closing

import pytest
from tests.durability.ledger import check
from tests.durability.server import started
from tests.durability.writers import Promises, write_until

from doorward.store import open_read_only, open_store

KILLS = int(os.environ.get("DOORWARD_KILLS", "3"))
# Another count each time, so that the blow falls on another step of the work.
AFTER = [40 + 7 * number for number in range(KILLS)]


@pytest.mark.parametrize("strict", ["off", "on"])
def test_a_killed_node_on_sqlite_loses_nothing(tmp_path, strict):
    data = tmp_path / "data"

    def stored():
        return open_read_only(data)

    kill_again_and_again(data, ["--set", f"trail.strict={strict}"], stored, reads=strict == "on")


@pytest.mark.parametrize("strict", ["off", "on"])
def test_a_killed_node_on_postgresql_loses_nothing(tmp_path, postgres_cluster, strict):
    url = postgres_cluster.database()
    options = ["--database", url, "--set", f"trail.strict={strict}"]
    kill_again_and_again(tmp_path / "data", options, lambda: open_store(url), reads=strict == "on")


def kill_again_and_again(data, options, stored, *, reads):
    promises, admin = Promises(), None
    for number, after in enumerate(AFTER):
        with started(data, *options) as server:
            admin = admin or tuple(server.facts["admin"].values())
            write_until(server.kill, server, admin, promises, round_number=number, after=after)
        with closing(stored()) as store:
            check(store, server.account, promises, reads=reads)
    key_id, (name, secret) = max(promises.keys.items())
    with started(data, *options) as server, server.client(key_id, secret) as client:
        assert client.call("sts", "GetCallerIdentity").member("Arn").endswith(f"user/{name}")
