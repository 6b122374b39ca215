"""The store fails under a running node: calls are refused in AWS's form, the node stays, recovers.

Nothing is half-written: after the outage the store is held against its own records.
"""

import os
import resource
import signal
import subprocess
from contextlib import closing
from time import monotonic

import pytest
from tests.durability.ledger import check, records_of
from tests.durability.server import started
from tests.durability.writers import Promises
from tests.store.postgres import running_cluster

from doorward.store import open_read_only, open_store

RECOVERY_S = 20


@pytest.fixture
def cluster():
    """A PostgreSQL of its own, because it is killed."""
    with running_cluster() as found:
        yield found


class Diary:
    """Creates users one after another, and keeps what was promised."""

    def __init__(self, client):
        self.client = client
        self.promises = Promises()
        self.number = 0

    def create(self):
        name = f"user-{self.number}"
        self.number += 1
        # Tags fill the disk sooner.
        tags = {f"Tags.member.{n}.Key": f"k{n}" for n in range(1, 41)}
        tags |= {f"Tags.member.{n}.Value": "v" * 250 for n in range(1, 41)}
        answer = self.client.call("iam", "CreateUser", UserName=name, **tags)
        if answer.status == 200:
            self.promises.users.add(name)
            self.promises.changes.add(answer.request_id)
        return answer

    def create_until(self, status, within_s=RECOVERY_S):
        deadline = monotonic() + within_s
        while (answer := self.create()).status != status:
            assert monotonic() < deadline, answer
        return answer


def assert_is_outage(answer):
    assert (answer.status, answer.code) == (503, "ServiceUnavailable")
    assert answer.member("RequestId") == answer.request_id


def test_a_full_disk(tmp_path):
    data = tmp_path / "data"
    with started(data) as server, server.client(*server.facts["admin"].values()) as client:
        diary = Diary(client)
        assert diary.create().status == 200
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1_500_000, most))
        assert_is_outage(diary.create_until(503))
        assert client.call("sts", "GetCallerIdentity").status == 200
        assert client.call("iam", "GetUser", UserName="user-0").status == 200
        assert client.call("iam", "GetUser", UserName=f"user-{diary.number - 1}").status == 404
        assert [server.get(path)[0] for path in ("/health", "/ready")] == [200, 200]
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))
        diary.create_until(200)
        last_read = client.call("iam", "GetUser", UserName="user-0").request_id
    with closing(open_read_only(data)) as store:
        check(store, server.account, diary.promises, reads=False)
        recorded = [record["requestID"] for record in records_of(store, server.account)]
    assert last_read in recorded


def test_a_killed_postgresql(tmp_path, cluster):
    url = cluster.database()
    with (
        started(tmp_path / "data", "--database", url) as server,
        server.client(*server.facts["admin"].values()) as client,
    ):
        diary = Diary(client)
        assert diary.create().status == 200
        cluster.kill()
        refusal = diary.create()
        assert_is_outage(refusal)
        # What a node knew a moment ago still holds: reads go on, their records wait.
        during = client.call("iam", "GetUser", UserName="user-0")
        assert during.status == 200
        assert [server.get(path)[0] for path in ("/health", "/ready")] == [200, 200]
        cluster.start()
        diary.create_until(200)
    with closing(open_store(url)) as store:
        check(store, server.account, diary.promises, reads=False)
        records = records_of(store, server.account)
    codes = {record["requestID"]: record.get("errorCode") for record in records}
    assert codes[during.request_id] is None
    assert codes[refusal.request_id] == "ServiceUnavailable"


def test_without_a_place_for_records_a_strict_node_answers_nothing(tmp_path, cluster):
    url = cluster.database()
    options = ("--database", url, "--set", "trail.strict=on")
    with (
        started(tmp_path / "data", *options) as server,
        server.client(*server.facts["admin"].values()) as client,
    ):
        assert client.call("sts", "GetCallerIdentity").status == 200
        cluster.kill()
        assert_is_outage(client.call("sts", "GetCallerIdentity"))
        cluster.start()
        Diary(client).create_until(200)
        assert client.call("sts", "GetCallerIdentity").status == 200


@pytest.fixture
def hung(cluster):
    """Stop every process of PostgreSQL, as a storage that hangs does; it goes on afterwards."""
    stopped = []

    def stop():
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(cluster.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        stopped.extend([*map(int, found.stdout.split()), cluster.process.pid])
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)

    yield stop
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


def test_a_hung_postgresql_does_not_stop_who_is_known(tmp_path, cluster, hung):
    """Anybody can send a key nobody knows; the search for it must hold up nobody else."""
    with (
        started(tmp_path / "data", "--database", cluster.database()) as server,
        server.client(*server.facts["admin"].values()) as client,
        server.client("AKIAIOSFODNN7EXAMPLE", "s") as stranger,
    ):
        assert client.call("sts", "GetCallerIdentity").status == 200
        hung()
        stranger.send("sts", "GetCallerIdentity")
        for _ in range(3):
            assert client.call("sts", "GetCallerIdentity").status == 200
            assert server.get("/health")[0] == 200
        server.kill()
