"""What every store must do; each store's test file subclasses this with its own `store` fixture."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorward.store import record_sql
from doorward.store.errors import Conflict
from doorward.store.memory import MemoryStore
from doorward.store.records import ATTRIBUTES, WIDEST_MS
from doorward.store.unit import RecordRow, Row, Unit

A, B = "111111111111", "222222222222"
MANY = 10**15

LETTERS = st.sampled_from("abc")
# Close together, and about where ranges are cut.
TIMES = st.integers(0, 6) | st.integers(WIDEST_MS - 3, WIDEST_MS + 3) | st.integers(0, 9000)
SEARCHES = st.none() | st.tuples(st.sampled_from(ATTRIBUTES), LETTERS | st.just("true"))
numbers = count()


@st.composite
def some_records(draw):
    return RecordRow(
        account=draw(st.sampled_from("AB")),
        at=draw(TIMES),
        event_id=draw(LETTERS),
        event_name=draw(LETTERS),
        event_source=draw(LETTERS),
        username=draw(LETTERS),
        access_key_id=draw(LETTERS),
        read_only=draw(st.booleans()),
        resources=tuple(draw(st.lists(st.tuples(LETTERS, LETTERS), max_size=3))),
        request_id=draw(LETTERS),
        body=b"%d" % next(numbers),
    )


def pages(store, limit, **search):
    """Every record, read page by page."""
    found, before = [], None
    while page := find(store, limit=limit, before=before, **search):
        found += [record for _, record in page]
        before = (page[-1][1].at, page[-1][0])
    return found


def a_record(at=1000, *, account=A, event_id="e1", **changes):
    values = {
        "event_name": "CreateUser",
        "event_source": "iam.amazonaws.com",
        "username": "ann",
        "access_key_id": "AKIAEXAMPLE",
        "read_only": False,
        "resources": (("AWS::IAM::User", "bob"), ("AWS::IAM::User", "AIDAEXAMPLE")),
        "request_id": "r1",
        "body": b'{"eventName":"CreateUser"}',
    }
    return RecordRow(account=account, at=at, event_id=event_id, **(values | changes))


def users(*names):
    return tuple(Row("user", name, name.encode()) for name in names)


def find(store, attribute=None, *, account=A, start_ms=0, end_ms=MANY, limit=50, before=None):
    return store.find_records(
        account,
        start_ms=start_ms,
        end_ms=end_ms,
        attribute=attribute,
        limit=limit,
        before=before,
    )


def ids(found):
    return [record.event_id for _, record in found]


class RowConformance:
    def test_an_unknown_account_is_at_revision_0_and_empty(self, store):
        assert store.read(A) == (0, [])
        assert store.read(A, since=5) == (0, [])
        assert store.accounts() == {}

    def test_a_commit_is_read_back_sorted(self, store):
        rows = (*users("b", "a"), Row("role", "é/ü\U0001f511", bytes(range(256))))
        assert store.commit([Unit(A, 0, rows)]) == {A: 1}
        assert store.read(A) == (1, sorted(rows))
        assert store.accounts() == {A: 1}

    def test_an_account_may_be_created_with_nothing_but_a_row_that_is_not(self, store):
        store.commit([Unit(A, 0, (Row("user", "ghost", None),))])
        assert store.read(A) == (1, [])

    def test_only_what_changed_since_is_read(self, store):
        store.commit([Unit(A, 0, users("a", "b"))])
        store.commit([Unit(A, 1, users("c"))])
        store.commit([Unit(A, 2, (Row("user", "a", b"new"),))])
        assert store.read(A, since=1) == (3, [Row("user", "a", b"new"), Row("user", "c", b"c")])
        assert store.read(A, since=3) == (3, [])

    def test_a_deletion_is_told_to_those_who_follow_and_to_nobody_else(self, store):
        store.commit([Unit(A, 0, users("a", "b"))])
        store.commit([Unit(A, 1, (Row("user", "a", None),))])
        assert store.read(A) == (2, [*users("b")])
        assert store.read(A, since=1) == (2, [Row("user", "a", None)])
        store.commit([Unit(A, 2, users("a"))])
        assert store.read(A) == (3, [*users("a", "b")])

    def test_an_empty_body_is_no_deletion(self, store):
        store.commit([Unit(A, 0, (Row("user", "a", b""),))])
        assert store.read(A) == (1, [Row("user", "a", b"")])

    def test_kinds_and_accounts_do_not_mix(self, store):
        store.commit([Unit(A, 0, (Row("user", "x", b"1"), Row("role", "x", b"2")))])
        store.commit([Unit(B, 0, (Row("user", "x", b"3"),))])
        assert store.read(A)[1] == [Row("role", "x", b"2"), Row("user", "x", b"1")]
        assert store.read(B)[1] == [Row("user", "x", b"3")]

    @pytest.mark.parametrize("expected", [0, 2, 7])
    def test_a_commit_from_another_revision_conflicts_and_writes_nothing(self, store, expected):
        store.commit([Unit(A, 0, users("a"))])
        with pytest.raises(Conflict) as caught:
            store.commit([Unit(A, expected, users("b"), (a_record(),))])
        assert (caught.value.account, caught.value.expected) == (A, expected)
        assert store.read(A) == (1, [*users("a")])
        assert find(store) == []

    def test_one_conflict_undoes_every_unit_and_its_records(self, store):
        store.commit([Unit(B, 0, users("b"))])
        units = [Unit(A, 0, users("a"), (a_record(),)), Unit(B, 0, users("c"))]
        with pytest.raises(Conflict):
            store.commit(units)
        assert store.accounts() == {B: 1}
        assert find(store) == []

    def test_the_same_account_twice_in_a_commit_conflicts(self, store):
        with pytest.raises(Conflict):
            store.commit([Unit(A, 0, users("a")), Unit(A, 0, users("b"))])
        assert store.accounts() == {}

    def test_several_accounts_move_together(self, store):
        assert store.commit([Unit(B, 0, users("b")), Unit(A, 0, users("a"))]) == {A: 1, B: 1}
        assert store.commit([Unit(B, 1, users("c")), Unit(A, 1, users("c"))]) == {A: 2, B: 2}

    def test_rows_and_records_of_a_unit_arrive_together(self, store):
        store.commit([Unit(A, 0, users("a"), (a_record(),))])
        assert store.read(A)[0] == 1
        assert ids(find(store)) == ["e1"]

    def test_records_alone_move_no_revision_and_never_conflict(self, store):
        assert store.commit([Unit(A, 99, (), (a_record(),))]) == {}
        assert store.accounts() == {}
        assert ids(find(store)) == ["e1"]

    def test_nothing_to_commit_is_no_error(self, store):
        assert store.commit([]) == {}
        store.append([])

    @pytest.mark.parametrize(
        "unit",
        [Unit("1\0", 0, users("a")), Unit(A, 0, users("a\0")), Unit(A, 0, (Row("\0", "a", b""),))],
    )
    def test_a_nul_character_is_refused_everywhere(self, store, unit):
        with pytest.raises(ValueError, match="NUL"):
            store.commit([unit])

    def test_two_writers_never_both_win(self, store):
        store.commit([Unit(A, 0, users("start"))])
        writers, rounds = 4, 12
        together = Barrier(writers)

        def race(writer):
            won = []
            for number in range(rounds):
                together.wait(10)
                revision, _ = store.read(A)
                together.wait(10)
                try:
                    store.commit([Unit(A, revision, users(f"{writer}-{number}"))])
                except Conflict:
                    continue
                won.append(f"{writer}-{number}")
            return won

        with ThreadPoolExecutor(writers) as pool:
            won = [name for names in pool.map(race, range(writers)) for name in names]
        revision, rows = store.read(A)
        assert revision == 1 + rounds == 1 + len(won)
        assert {row.key for row in rows} == {"start", *won}

    def test_crossing_commits_of_two_accounts_never_wait_in_a_ring(self, store):
        store.commit([Unit(A, 0, users("a")), Unit(B, 0, users("b"))])

        def move(order):
            for _ in range(10):
                now = store.accounts()
                try:
                    store.commit([Unit(account, now[account], users("x")) for account in order])
                except Conflict:
                    continue

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(move, [(A, B), (B, A)]))
        revisions = set(store.accounts().values())
        assert len(revisions) == 1
        assert revisions.pop() > 10

    def test_a_row_is_found_by_key_while_it_is_there(self, store):
        store.commit([Unit(B, 0, (Row("key", "AKIA1", b""), Row("key", "AKIA2", b"")))])
        store.commit([Unit(A, 0, (Row("key", "AKIA2", b""),))])
        assert store.find_row("key", "AKIA1") == B
        assert store.find_row("key", "AKIA2") == A
        assert store.find_row("user", "AKIA1") is None
        store.commit([Unit(B, 1, (Row("key", "AKIA1", None),))])
        assert store.find_row("key", "AKIA1") is None

    def test_the_accounts_that_hold_a_kind_of_row(self, store):
        store.commit([Unit(B, 0, (Row("trail", "t", b""), Row("trail", "u", b"")))])
        store.commit([Unit(A, 0, (Row("user", "t", b""),))])
        assert store.accounts_with("trail") == [B]
        store.commit([Unit(A, 1, (Row("trail", "t", b""),))])
        assert store.accounts_with("trail") == [A, B]
        store.commit([Unit(B, 1, (Row("trail", "t", None), Row("trail", "u", None)))])
        assert store.accounts_with("trail") == [A]

    def test_a_follower_learns_what_moved(self, store):
        assert store.changed({}) == {}
        store.commit([Unit(A, 0, users("a")), Unit(B, 0, users("b"))])
        assert store.changed({}) == {A: 1, B: 1}
        assert store.changed({A: 1}) == {B: 1}
        assert store.changed({A: 1, B: 1}) == {}
        store.commit([Unit(B, 1, users("c"))])
        assert store.changed({A: 1, B: 1}) == {B: 2}

    def test_a_setting_is_set_once_and_then_only_by_who_knows_it(self, store):
        assert store.get_setting("x") is None
        assert store.put_setting("x", b"1", b"0") is False
        assert store.put_setting("x", b"1", None) is True
        assert store.put_setting("x", b"2", None) is False
        assert store.put_setting("x", b"2", b"9") is False
        assert store.put_setting("x", b"2\0\xff", b"1") is True
        assert store.get_setting("x") == b"2\0\xff"

    def test_closing_twice_is_no_error(self, store):
        store.close()
        store.close()


class RecordConformance:
    def test_a_record_comes_back_whole(self, store):
        record = a_record(body=bytes(range(256)), resources=(("T", "n"), ("T", "é"), ("U", "n")))
        store.append([record])
        assert [found for _, found in find(store)] == [record]

    def test_a_record_may_have_nothing_to_be_found_by(self, store):
        record = RecordRow(A, 5, "", "", "", "", "", True, (), "", b"")
        store.append([record])
        assert [found for _, found in find(store)] == [record]

    @pytest.mark.parametrize(
        ("attribute", "value"),
        [
            ("EventId", "e1"),
            ("EventName", "DeleteRole"),
            ("ReadOnly", "true"),
            ("Username", "zoe"),
            ("ResourceType", "AWS::IAM::Role"),
            ("ResourceName", "arn:aws:iam::111111111111:role/" + "x" * 2000),
            ("EventSource", "sts.amazonaws.com"),
            ("AccessKeyId", "ASIAOTHER"),
            ("RequestId", "r9"),
        ],
    )
    def test_a_record_is_found_by_each_attribute(self, store, attribute, value):
        resource = ("AWS::IAM::Role", "arn:aws:iam::111111111111:role/" + "x" * 2000)
        wanted = a_record(
            event_name="DeleteRole",
            read_only=True,
            username="zoe",
            resources=(resource, resource, ("AWS::IAM::Role", "short")),
            event_source="sts.amazonaws.com",
            access_key_id="ASIAOTHER",
            request_id="r9",
        )
        other = a_record(event_id="e2")
        store.append([other, wanted, a_record(account=B, event_id="e3", read_only=True)])
        assert [record for _, record in find(store, (attribute, value))] == [wanted]
        assert find(store, (attribute, "nothing like it")) == []
        assert find(store, (attribute, value), account="333333333333") == []

    def test_every_attribute_is_in_the_table_above(self):
        marks = self.test_a_record_is_found_by_each_attribute.pytestmark
        assert {row[0] for row in marks[0].args[1]} == set(ATTRIBUTES)

    def test_read_only_false_finds_the_changes(self, store):
        store.append([a_record(event_id="w"), a_record(event_id="r", read_only=True)])
        assert ids(find(store, ("ReadOnly", "false"))) == ["w"]
        assert find(store, ("ReadOnly", "True")) == []

    def test_an_unknown_attribute_is_refused(self, store):
        with pytest.raises(ValueError, match="EventCategory"):
            find(store, ("EventCategory", "x"))

    def test_newest_come_first_and_later_writing_wins_a_tie(self, store):
        store.append([a_record(2, event_id="b"), a_record(1, event_id="a")])
        store.append([a_record(2, event_id="c"), a_record(3, event_id="d")])
        assert ids(find(store)) == ["d", "c", "b", "a"]
        assert ids(find(store, limit=2)) == ["d", "c"]

    @pytest.mark.parametrize("attribute", [None, ("Username", "ann"), ("ResourceName", "bob")])
    @pytest.mark.parametrize(
        ("start_ms", "end_ms", "wanted"),
        [(0, 9, "cba"), (2, 2, "b"), (2, 3, "cb"), (4, 9, ""), (3, 1, "")],
    )
    def test_both_ends_of_the_time_range_count(self, store, attribute, start_ms, end_ms, wanted):
        store.append([a_record(at, event_id=name) for at, name in ((1, "a"), (2, "b"), (3, "c"))])
        found = find(store, attribute, start_ms=start_ms, end_ms=end_ms)
        assert ids(found) == list(wanted)

    @pytest.mark.parametrize(
        "attribute", [None, ("EventName", "CreateUser"), ("ReadOnly", "false")]
    )
    def test_pages_join_without_gap_or_overlap(self, store, attribute):
        store.append([a_record(at // 3, event_id=str(at)) for at in range(10)])
        pages, before = [], None
        while page := find(store, attribute, limit=4, before=before):
            pages += ids(page)
            before = (page[-1][1].at, page[-1][0])
            store.append([a_record(99, event_id="later")])
        assert pages == [str(at) for at in reversed(range(10))]

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(
        batches=st.lists(st.lists(some_records(), min_size=1, max_size=12), max_size=5),
        search=SEARCHES,
        limit=st.integers(1, 5),
        start_ms=st.just(0) | TIMES,
        end_ms=st.just(MANY) | TIMES,
    )
    def test_every_store_finds_what_memory_finds(
        self, store, monkeypatch, batches, search, limit, start_ms, end_ms
    ):
        monkeypatch.setattr(record_sql, "READ_AT_ONCE", 2)
        store.prune_records(MANY)
        memory = MemoryStore()
        for batch in batches:
            store.append(batch)
            memory.append(batch)
        for account in "AB":
            asked = {
                "attribute": search,
                "account": account,
                "start_ms": start_ms,
                "end_ms": end_ms,
            }
            assert pages(store, limit, **asked) == pages(memory, 1000, **asked)

    @pytest.mark.parametrize(
        "attribute", [("ResourceName", "rare"), ("Username", "rare"), ("ReadOnly", "true")]
    )
    @pytest.mark.parametrize("limit", [1, 2, 50])
    def test_the_rare_is_found_among_many_of_one_moment(self, store, attribute, limit):
        rare = {"username": "rare", "resources": (("T", "rare"),), "read_only": True}
        store.append([a_record(at, **rare if at in {0, 199} else {}) for at in range(200)])
        found = pages(store, limit, attribute=attribute)
        assert [record.at for record in found] == [199, 0]

    def test_old_records_are_forgotten_and_no_number_comes_twice(self, store):
        store.append([a_record(at, event_id=str(at)) for at in (1, 2, 3)])
        newest = find(store)[0][0]
        assert store.prune_records(3) == 2
        assert ids(find(store)) == ["3"]
        assert ids(find(store, ("ResourceName", "bob"))) == ["3"]
        assert store.prune_records(99) == 1
        assert store.prune_records(99) == 0
        store.append([a_record(4)])
        assert find(store)[0][0] > newest

    def test_more_records_than_one_transaction_takes_are_forgotten(self, store):
        store.append([a_record(at) for at in range(2500)])
        assert store.prune_records(2400) == 2400
        assert len(find(store, limit=1000)) == 100

    def test_text_no_database_can_hold_is_made_storable(self, store):
        store.append([a_record(username="a\0b\ud800", resources=(("T\0", "n\ud800"),))])
        ((_, record),) = find(store, ("Username", "a\0b\ud800"))
        assert record.username == "a\ufffdb?"
        assert record.resources == (("T\ufffd", "n?"),)
        assert len(find(store, ("ResourceName", "n\ud800"))) == 1

    def test_a_very_long_name_is_clipped_and_still_found(self, store):
        store.append([a_record(username="\U0001f511" * 5000)])
        ((_, record),) = find(store, ("Username", "\U0001f511" * 5000))
        assert len(record.username) == 256

    def test_many_writers_lose_no_record(self, store):
        def write(number):
            store.append([a_record(number, event_id=f"{number}-{i}") for i in range(20)])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(8)))
        found = find(store, limit=1000)
        assert len({record.event_id for _, record in found}) == 160
        assert len({sequence for sequence, _ in found}) == 160


class StoreConformance(RowConformance, RecordConformance):
    """All of it."""
