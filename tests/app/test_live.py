from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.account.accesses import ServiceAccess, packed
from doorward.account.account import KINDS, Account
from doorward.account.activity import Activity, Use
from doorward.app.live import ACCESSES, ACTIVITY, SECRET, Live, follow, read_live
from doorward.store.unit import Row

ACCOUNT = "111122223333"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IAM = {"iam": ServiceAccess(7, "us-east-1", {})}
BRIEF = settings(max_examples=50)

# Every field of every kind is drawn from its annotation, so a new one is held to the same law.
_times = st.datetimes(timezones=st.just(UTC))
st.register_type_strategy(datetime, _times)
# JSON has no infinity; what would keep one is refused or cut where it comes in.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

entities = st.one_of(*(st.from_type(kind) for kind in KINDS.values()))
names = st.text(max_size=8)
uses = st.builds(Use, _times, names, names)


@st.composite
def changes(draw):
    """One step of an account's life."""
    kind = draw(st.sampled_from(["put", "drop", "secret", "forget", "use"]))
    if kind == "put":
        return "put", draw(entities)
    if kind == "secret":
        return "secret", draw(names), draw(st.binary(max_size=8))
    if kind == "use":
        return "use", draw(names), draw(uses)
    return kind, draw(st.integers(0, 5))


def same_place(one, other):
    return type(one) is type(other) and one.key == other.key


def changed(live, change):
    kind, *rest = change
    account, activity = live.account, live.activity
    if kind == "put":
        # An account gives no id twice; a drawn entity that would is left out.
        taken = [account.by_id(name) for name in rest[0].ids]
        if all(one is None or same_place(one, rest[0]) for one in taken):
            account = account.put(rest[0])
    elif kind == "drop":
        there = sorted((kind, key) for kind in KINDS for key in account.tables.get(kind, ()))
        if there:
            account = account.drop(account.at(there[rest[0] % len(there)]))
    elif kind == "secret":
        return live.with_secret(*rest)
    elif kind == "forget":
        kept = sorted(live.secrets)
        return live.with_secret(kept[rest[0] % len(kept)], None) if kept else live
    else:
        activity = activity.noted(*rest)
    return Live(account, live.secrets, activity, live.revision, live.secrets_touched)


def after(live, steps):
    for step in steps:
        live = changed(live, step)
    return live


def content(live):
    """Everything that a caller could notice."""
    tables = {kind: dict(rows) for kind, rows in live.account.tables.items() if rows}
    index = {name: live.account.by_id(name) for name in live.account.index}
    return tables, index, dict(live.secrets), dict(live.activity.uses), live.revision


def kept(rows):
    """What a store gives back of these rows."""
    return [row for row in rows if row.body is not None]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_kind_of_entity_comes_back_from_its_row_as_it_was(kind):
    @BRIEF
    @given(st.from_type(KINDS[kind]))
    def law(entity):
        (row,) = Live(Account.of(ACCOUNT, []).put(entity)).rows()
        assert (row.kind, row.key) == (kind, entity.key)
        assert read_live(ACCOUNT, 1, [row]).account.at((kind, entity.key)) == entity

    law()


@BRIEF
@given(st.lists(changes(), max_size=12))
def test_an_account_comes_back_from_its_rows_as_it_was(steps):
    live = after(Live(Account.of(ACCOUNT, [])), steps)
    assert content(read_live(ACCOUNT, 1, kept(live.rows()))) == content(live.settled(1))


@BRIEF
@given(st.lists(changes(), max_size=8), st.lists(changes(), max_size=8))
def test_following_gives_what_reading_anew_gives(before, steps):
    old = after(Live(Account.of(ACCOUNT, [])), before)
    known = read_live(ACCOUNT, 1, kept(old.rows()))
    new = after(known, steps)
    stored = {(row.kind, row.key): row for row in (*old.rows(), *new.rows())}
    again = read_live(ACCOUNT, 2, kept(stored.values()))
    followed = follow(known, 2, new.rows())
    assert content(followed) == content(again) == content(new.settled(2))
    assert followed.rows() == ()


@BRIEF
@given(st.lists(changes(), max_size=8))
def test_what_is_settled_has_nothing_left_to_store(steps):
    live = after(Live(Account.of(ACCOUNT, [])), steps)
    assert live.settled(7).rows() == ()
    assert live.settled(7).revision == 7


def test_a_deletion_of_what_was_never_there_is_followed():
    live = Live(Account.of(ACCOUNT, []), revision=1)
    rows = [Row("user", "ann", None), Row(SECRET, "s", None), Row(ACTIVITY, "AKIA", None)]
    assert content(follow(live, 2, rows)) == ({}, {}, {}, {}, 2)


def test_reading_skips_what_was_deleted():
    rows = [Row("user", "ann", None), Row(SECRET, "s", None)]
    assert content(read_live(ACCOUNT, 3, rows)) == ({}, {}, {}, {}, 3)


def test_rows_are_in_one_order_whatever_came_first():
    activity = Activity().noted("b", Use(NOW, "r", "s")).noted("a", Use(NOW, "r", "s"))
    live = Live(Account.of(ACCOUNT, []), activity=activity)
    rows = live.with_secret("y", b"1").with_secret("x", b"2").rows()
    assert [(row.kind, row.key) for row in rows] == [
        (SECRET, "x"),
        (SECRET, "y"),
        (ACTIVITY, "a"),
        (ACTIVITY, "b"),
    ]


def test_accesses_of_principals_are_followed():
    live = Live(Account.of(ACCOUNT, []), revision=1)
    told = follow(live, 2, [Row(ACCESSES, "AIDA", packed(IAM)), Row(ACCESSES, "AIDB", packed(IAM))])
    assert told.activity.accesses_of("AIDA") == IAM
    left = follow(told, 3, [Row(ACCESSES, "AIDA", None), Row(ACCESSES, "AIDC", None)])
    assert list(left.activity.accesses) == ["AIDB"]
    assert left.rows() == ()


def test_accesses_of_principals_are_read_and_written():
    activity = Activity().with_accesses({"AIDA": IAM})
    rows = Live(Account.of(ACCOUNT, []), activity=activity).rows()
    assert read_live(ACCOUNT, 1, rows).activity.accesses_of("AIDA") == IAM
