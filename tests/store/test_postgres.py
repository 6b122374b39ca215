import threading
from contextlib import closing, suppress
from queue import Empty, Queue

import psycopg
import pytest
from tests.store.conformance import A, StoreConformance, users
from tests.store.postgres import running_cluster

from doorward.store import open_store
from doorward.store.errors import Conflict, SchemaTooNew, StoreUnavailable
from doorward.store.migrations import steps
from doorward.store.postgres import PostgresStore
from doorward.store.unit import Unit

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


class TestPostgresStore(StoreConformance):
    @pytest.fixture
    def store(self, postgres):
        return postgres


@pytest.fixture
def url(postgres_cluster):
    return postgres_cluster.database()


def until_heard(store, heard, revision):
    """The listener needs a moment to connect, and what was said before it is not repeated."""
    for _ in range(200):
        revision = store.commit([Unit(A, revision, users("b"))])[A]
        with suppress(Empty):
            return revision, heard.get(timeout=0.05)
    return pytest.fail("nothing was heard")


def test_two_nodes_on_one_database_see_each_other(url):
    with closing(open_store(url)) as one, closing(open_store(url)) as two:
        one.commit([Unit(A, 0, users("a"))])
        assert two.changed({}) == {A: 1}
        with pytest.raises(Conflict):
            two.commit([Unit(A, 0, users("b"))])
        assert two.commit([Unit(A, 1, users("b"))]) == {A: 2}
        assert one.read(A, since=1) == (2, [*users("b")])


def test_nodes_that_start_together_make_the_schema_once(url):
    stores = Queue()
    threads = [threading.Thread(target=lambda: stores.put(PostgresStore(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        stores.get_nowait().close()


def test_a_killed_backend_is_an_outage_and_the_next_call_reconnects(postgres, postgres_cluster):
    postgres.commit([Unit(A, 0, users("a"))])
    postgres_cluster.sql("postgres", f"{OTHERS} AND application_name = 'doorward'")
    with pytest.raises(StoreUnavailable):
        postgres.commit([Unit(A, 1, users("b"))])
    assert postgres.read(A) == (1, [*users("a")])
    assert postgres.commit([Unit(A, 1, users("b"))]) == {A: 2}


def test_a_backend_killed_within_a_transaction_leaves_nothing(postgres, postgres_cluster):
    def work(session):
        session.run("INSERT INTO account (id, revision) VALUES ('1', 1)")
        postgres_cluster.sql("postgres", f"{OTHERS} AND application_name = 'doorward'")
        session.run("INSERT INTO account (id, revision) VALUES ('2', 1)")

    with pytest.raises(StoreUnavailable):
        postgres.write(work)
    assert postgres.accounts() == {}


def test_a_crashed_cluster_is_an_outage_until_it_is_back():
    with running_cluster() as cluster, closing(PostgresStore(cluster.database())) as store:
        store.commit([Unit(A, 0, users("a"))])
        heard = Queue()
        store.listen(lambda account, revision: heard.put((account, revision)))
        cluster.kill()
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                store.read(A)
            with pytest.raises(StoreUnavailable):
                store.commit([Unit(A, 1, users("b"))])
        cluster.start()
        revision, (account, told) = until_heard(store, heard, 1)
        assert account == A
        assert told <= revision
        assert store.read(A) == (revision, [*users("a", "b")])


def test_a_commit_is_told_to_those_who_listen(url):
    heard = Queue()
    with closing(PostgresStore(url)) as one, closing(PostgresStore(url)) as two:
        two.listen(lambda account, revision: heard.put((account, revision)))
        revision, (account, told) = until_heard(one, heard, 0)
        assert account == A
        assert told <= revision
    assert not [each for each in threading.enumerate() if each.name == "store-listen"]


def test_a_hint_that_cannot_be_given_is_no_failure(postgres, monkeypatch):
    monkeypatch.setattr("doorward.store.postgres.HINT", "SELECT no_such_function(?, ?)")
    assert postgres.commit([Unit(A, 0, users("a"))]) == {A: 1}
    assert postgres.commit([Unit(A, 1, users("a"))]) == {A: 2}


def test_a_transaction_the_database_gives_back_is_tried_again(postgres):
    tries = []

    def work(session):
        tries.append(1)
        session.run("INSERT INTO account (id, revision) VALUES ('1', 1)")
        if len(tries) < 3:
            code = "40001" if len(tries) == 1 else "40P01"
            session.run(f"DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '{code}'; END $$")
        return len(tries)

    assert postgres.write(work) == 3
    assert postgres.accounts() == {"1": 1}


def test_a_transaction_always_given_back_ends_as_an_outage(postgres, monkeypatch):
    monkeypatch.setattr("doorward.store.postgres.FIRST_WAIT_S", 0)
    again = "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"
    with pytest.raises(StoreUnavailable, match="met others"):
        postgres.write(lambda session: session.run(again))


def test_a_database_gone_read_only_is_an_outage(url):
    with closing(PostgresStore(url)) as store:
        store.write(lambda session: session.run("SET default_transaction_read_only = on"))
        with pytest.raises(StoreUnavailable, match="read-only"):
            store.commit([Unit(A, 0, users("a"))])
        assert store.commit([Unit(A, 0, users("a"))]) == {A: 1}


def test_a_wrong_statement_is_a_bug_and_not_an_outage(postgres):
    with pytest.raises(psycopg.errors.UndefinedTable):
        postgres.query(lambda session: session.rows("SELECT 1 FROM nowhere"))
    assert postgres.accounts() == {}


def test_an_unreachable_database_is_unavailable_and_hides_the_password(tmp_path):
    with pytest.raises(StoreUnavailable) as caught:
        PostgresStore(f"postgresql://ann:hush@/x?host={tmp_path}")
    assert "hush" not in str(caught.value)


def test_what_the_url_says_wins(url):
    with closing(PostgresStore(f"{url}&application_name=mine")) as store:
        name = "SELECT current_setting('application_name')"
        assert store.query(lambda session: session.rows(name)) == [("mine",)]


NEXT = """ALTER TABLE account ADD COLUMN note TEXT NOT NULL DEFAULT '';
UPDATE account SET note = id;"""


def test_the_schema_goes_forward_and_an_older_doorward_refuses_it(url):
    with closing(PostgresStore(url)) as store:
        store.commit([Unit(A, 0, users("a"))])
    for _ in range(2):
        with closing(PostgresStore(url, upward=(*steps("postgres"), NEXT))) as store:
            assert store.query(lambda s: s.rows("SELECT note FROM account")) == [(A,)]
    with pytest.raises(SchemaTooNew):
        PostgresStore(url)
