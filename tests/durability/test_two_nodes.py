"""Two nodes on one PostgreSQL: what one does the other knows soon."""

import os
import threading
from base64 import b64encode
from contextlib import closing
from time import monotonic

import pytest
from tests.durability.ledger import records_of
from tests.durability.server import started

from doorward.account.model import User
from doorward.app.live import read_live
from doorward.store import open_store

# A quarter of a second on a quiet machine; a busy one is given time.
WITHIN_S = 10.0
EACH = 25


@pytest.fixture(scope="module")
def database(postgres_cluster):
    return postgres_cluster.database()


@pytest.fixture(scope="module")
def nodes(database, tmp_path_factory):
    home = tmp_path_factory.mktemp("nodes")
    key = b64encode(os.urandom(32)).decode()
    options = ("--database", database)
    with (
        started(home / "one", *options, DOORWARD_MASTER_KEY=key) as one,
        started(home / "two", *options, DOORWARD_MASTER_KEY=key) as two,
    ):
        yield one, two


@pytest.fixture
def admin(nodes):
    return tuple(nodes[0].facts["admin"].values())


@pytest.fixture
def clients(nodes, admin):
    """An administrator at each node."""
    with nodes[0].client(*admin) as one, nodes[1].client(*admin) as two:
        yield one, two


def soon(happened):
    """Ask until it is so; how often is up to the node, how long is not."""
    deadline = monotonic() + WITHIN_S
    while not happened():
        assert monotonic() < deadline, f"not within {WITHIN_S} s"


def test_the_second_node_finds_the_first_start_done(nodes):
    one, two = nodes
    assert one.account == two.account
    assert "admin" not in two.facts


def test_a_key_made_on_one_opens_the_other_and_stops_there_too(nodes, clients):
    _, two = nodes
    here, _ = clients
    here.call("iam", "CreateUser", UserName="kim")
    made = here.call("iam", "CreateAccessKey", UserName="kim")
    key_id, secret = made.member("AccessKeyId"), made.member("SecretAccessKey")
    with two.client(key_id, secret) as there, nodes[0].client(key_id, secret) as at_home:
        soon(lambda: there.call("sts", "GetCallerIdentity").status == 200)
        here.call("iam", "UpdateAccessKey", UserName="kim", AccessKeyId=key_id, Status="Inactive")
        assert at_home.call("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
        soon(lambda: there.call("sts", "GetCallerIdentity").status == 403)
        assert there.call("sts", "GetCallerIdentity").code == "InvalidClientTokenId"


def test_a_policy_attached_on_one_decides_on_the_other(nodes, clients):
    here, _ = clients
    here.call("iam", "CreateUser", UserName="lea")
    made = here.call("iam", "CreateAccessKey", UserName="lea")
    with nodes[1].client(made.member("AccessKeyId"), made.member("SecretAccessKey")) as there:
        soon(lambda: there.call("iam", "ListUsers").code == "AccessDenied")
        policy = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
        here.call("iam", "AttachUserPolicy", UserName="lea", PolicyArn=policy)
        soon(lambda: there.call("iam", "ListUsers").status == 200)


def test_a_session_made_on_one_works_on_both(nodes, clients):
    here, _ = clients
    made = here.call("sts", "GetFederationToken", Name="fed")
    session = [made.member(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    for node in nodes:
        with node.client(*session) as client:
            arn = client.call("sts", "GetCallerIdentity").member("Arn")
            assert arn == f"arn:aws:sts::{node.account}:federated-user/fed"


def test_both_write_one_account_and_every_promise_is_kept(nodes, admin, database):
    promised = []

    def write(node, name):
        with node.client(*admin) as client:
            for number in range(EACH):
                answer = client.call("iam", "CreateUser", UserName=f"{name}-{number}")
                assert answer.status == 200, answer
                promised.append((f"{name}-{number}", answer.request_id))

    threads = [
        threading.Thread(target=write, args=(node, f"both-{at}-{thread}"))
        for at, node in enumerate(nodes)
        for thread in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    account = nodes[0].account
    with closing(open_store(database)) as store:
        live = read_live(account, *store.read(account))
        recorded = {record["requestID"] for record in records_of(store, account)}
    assert len(promised) == 2 * 3 * EACH
    assert {name for name, _ in promised} <= {user.name for user in live.account.all(User)}
    assert {request_id for _, request_id in promised} <= recorded


def test_two_nodes_that_make_one_name_are_told_apart(nodes, admin):
    """The same name from both at once: one is made, the other is told that it exists."""
    answers = []
    together = threading.Barrier(len(nodes))

    def write(node):
        with node.client(*admin) as client:
            for number in range(10):
                together.wait(30)
                answers.append((number, client.call("iam", "CreateUser", UserName=f"x{number}")))

    threads = [threading.Thread(target=write, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(10):
        assert sorted(answer.status for at, answer in answers if at == number) == [200, 409]
