import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.conformance import A, a_record, find, ids

from doorward.store import record_sql
from doorward.store.records import WIDEST_MS

FIND = f"{record_sql.FIND}{record_sql.NEWEST}"
ACCOUNTS = st.sampled_from(["", A, "3"])
TIMES = st.lists(st.tuples(ACCOUNTS, st.integers(0, 3 * WIDEST_MS)), max_size=20)
GENTLE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, monkeypatch):
    monkeypatch.setattr(record_sql, "PRUNED_AT_ONCE", 3)
    return request.getfixturevalue(request.param)


def rows(store, sql, args=()):
    return store.query(lambda session: session.rows(sql, args))


@GENTLE
@given(records=TIMES, before=st.integers(0, 3 * WIDEST_MS))
def test_what_is_forgotten_leaves_no_range_and_nothing_else_goes(store, records, before):
    store.prune_records(99 * WIDEST_MS)
    store.append([a_record(at, account=account) for account, at in records])
    assert store.prune_records(before) == len([at for _, at in records if at < before])
    kept = sorted(at for _, at in records if at >= before)
    assert sorted(at for (at,) in rows(store, "SELECT at FROM record")) == kept
    assert rows(store, "SELECT * FROM record_range WHERE last_at < ?", (before,)) == []
    found = [
        each
        for account in ("", A, "3")
        for _, each in find(store, ("Username", "ann"), account=account)
    ]
    assert sorted(each.at for each in found) == kept


def test_equal_values_of_one_batch_are_one_range(store):
    store.append([a_record(at) for at in range(300)])
    # EventName, EventSource, Username, AccessKeyId, ReadOnly, ResourceType, two ResourceNames
    assert rows(store, "SELECT count(*), min(first_at), max(last_at) FROM record_range") == [
        (8, 0, 299)
    ]


@pytest.mark.parametrize("rows_at_once", [1, 2, 3, 7, 256])
def test_no_record_is_lost_between_statements(sqlite, monkeypatch, rows_at_once):
    monkeypatch.setattr(record_sql, "ADDED_AT_ONCE", rows_at_once)
    sqlite.append([a_record(at, event_id=str(at)) for at in range(23)])
    assert ids(find(sqlite)) == [str(at) for at in reversed(range(23))]


@pytest.mark.parametrize(
    ("sql", "args", "index"),
    [
        (FIND, 6, "record_by_time (account=? AND at>? AND at<?)"),
        (FIND.replace("ORDER", "AND event_name = ? ORDER"), 7, "record_by_time (account=? AND at"),
        (FIND.replace("ORDER", "AND event_id = ? ORDER"), 7, "record_by_event_id (account=? AND e"),
        (FIND.replace("ORDER", "AND request_id = ? ORDER"), 7, "record_by_request_id (account=? "),
        (record_sql.RANGES, 6, "PRIMARY KEY (value_hash=? AND last_at>"),
        (record_sql.DROP_RANGES, 2, "PRIMARY KEY (value_hash=? AND last_at<?)"),
        (record_sql.DROP, 2, "record_by_time (account=? AND at<?)"),
        (record_sql.LAST_OF_SOME, 3, "record_by_time (account=? AND at<?)"),
    ],
)
def test_every_look_up_goes_along_an_index(sqlite, sql, args, index):
    plan = [row[3] for row in rows(sqlite, f"EXPLAIN QUERY PLAN {sql}", range(args))]
    assert index in plan[0]
    assert not [step for step in plan if "SCAN" in step or "TEMP B-TREE" in step]
