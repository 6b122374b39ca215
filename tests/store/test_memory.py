from time import perf_counter

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


def test_coming_back_takes_less_than_20_ms_however_much_was_written():
    store = MemoryStore()
    store.commit([Unit(A, 0, users(*map(str, range(10))))])
    kept = store.snapshot()
    store.commit([Unit(A, 1, users(*map(str, range(20_000))))])
    started = perf_counter()
    store.restore(kept)
    assert perf_counter() - started < 0.02
    assert len(store.read(A)[1]) == 10
