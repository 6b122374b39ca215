import sys

import pytest
from tests.store.conformance import A, StoreConformance, a_record, find, ids, users

from doorward.store.memory import MemoryStore
from doorward.store.unit import Unit


class TestMemoryStore(StoreConformance):
    @pytest.fixture
    def store(self, memory):
        return memory


def test_a_snapshot_is_come_back_to(memory):
    memory.commit([Unit(A, 0, users("a"), (a_record(),))])
    memory.put_setting("x", b"1", None)
    kept = memory.snapshot()
    memory.commit([Unit(A, 1, users("b"), (a_record(event_id="e2"),))])
    memory.commit([Unit("333333333333", 0, users("c"))])
    memory.put_setting("x", b"2", b"1")
    memory.prune_records(9999)
    for _ in range(2):
        memory.restore(kept)
        assert memory.accounts() == {A: 1}
        assert memory.read(A) == (1, [*users("a")])
        assert memory.get_setting("x") == b"1"
        assert ids(find(memory)) == ["e1"]
        memory.append([a_record(event_id="e3")])


def test_coming_back_takes_the_same_steps_however_much_was_written():
    taken = []
    for written in (1, 5_000):
        store = MemoryStore()
        store.commit([Unit(A, 0, users(*map(str, range(10))))])
        kept = store.snapshot()
        store.commit([Unit(A, 1, users(*map(str, range(written))))])
        taken.append(calls_of(lambda store=store, kept=kept: store.restore(kept)))
        assert len(store.read(A)[1]) == 10
    assert taken[0] == taken[1]


def calls_of(work):
    """How many functions it calls, those written in C included."""
    seen = []
    sys.setprofile(lambda _frame, event, _what: seen.append(event))
    try:
        work()
    finally:
        sys.setprofile(None)
    return sum(event in {"call", "c_call"} for event in seen)
