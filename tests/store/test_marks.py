"""Marks, attempts and posts: the same promises from every store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from doorward.store.marks import Mark, Patience
from doorward.store.posts import Post
from doorward.store.unit import Among, RecordRow, Row, Unit

PATIENCE = Patience((0, 0, 1000, 2000, 4000), 900_000)
FAR = 10**15


def record(number, event="E", username=""):
    text = str(number)
    return RecordRow("111122223333", number, text, event, "s", username, "", False, (), text, b"{}")


def test_a_mark_is_new_once(store):
    assert store.tally([[Mark("code", 7, FAR)]]) == [[1]]
    assert store.tally([[Mark("code", 7, FAR)], [Mark("code", 8, FAR)]]) == [[2], [1]]
    assert store.tallied("code") == {7: 2, 8: 1}
    assert store.tallied("code", 8) == {8: 1}
    assert store.tallied("other") == {}


def test_a_batch_ends_at_the_first_mark_beyond_its_most(store):
    budget, code = Mark("budget", 1, FAR, most=2), Mark("code", 7, FAR)
    assert store.tally([[budget, code]]) == [[1, 1]]
    assert store.tally([[budget, code]]) == [[2, 2]]
    assert store.tally([[budget, code]]) == [[3]]
    assert store.tallied("code") == {7: 2}


def test_of_many_who_come_at_once_one_is_first(store):
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda _: store.tally([[Mark("link", 0, FAR)]])[0][0], range(16)))
    assert sorted(found) == list(range(1, 17))


def test_failures_are_free_then_slower_and_slower(store):
    def attempt(now):
        return store.attempt(["b", "a"], now, PATIENCE)

    assert [attempt(at) for at in (0, 1, 2)] == [0, 0, 0]
    assert attempt(3) == 999
    assert attempt(1002) == 0
    assert attempt(1003) == 1999
    assert attempt(3002) == 0
    assert attempt(3002) == 4000
    assert attempt(7002) == 0
    assert attempt(11_001) == 1
    assert attempt(11_002 + 900_001) == 0
    assert attempt(11_002 + 900_002) == 0


def test_one_place_that_must_wait_stops_the_others_uncounted(store):
    for at in range(3):
        store.attempt(["source"], at, PATIENCE)
    assert store.attempt(["source", "mine"], 3, PATIENCE) == 999
    for at in (4, 5, 6):
        assert store.attempt(["mine"], at, PATIENCE) == 0
    assert store.attempt(["mine"], 7, PATIENCE) == 999


def test_success_forgets_here_and_takes_one_back_there(store):
    for at in range(3):
        store.attempt(["mine", "source"], at, PATIENCE)
    store.forgive(["mine"], ["source"])
    assert store.attempt(["mine"], 3, PATIENCE) == 0
    assert store.attempt(["source"], 4, PATIENCE) == 0
    assert store.attempt(["source"], 5, PATIENCE) > 0


def test_of_many_tries_at_once_no_more_pass_than_are_free(store):
    with ThreadPoolExecutor(8) as many:
        waits = list(many.map(lambda _: store.attempt(["x"], 10, PATIENCE), range(16)))
    assert waits.count(0) == 3


def test_what_is_over_is_forgotten(store):
    store.tally([[Mark("old", 1, 10), Mark("new", 1, 20)]])
    store.attempt(["x"], 5, PATIENCE)
    store.prune_marks(15, 5)
    assert (store.tallied("old"), store.tallied("new")) == ({}, {1: 1})
    assert [store.attempt(["x"], 15, PATIENCE) for _ in range(3)] == [0, 0, 0]


def test_posts_come_with_their_change_and_once(store):
    first = Post("a", "mail", b"1", 5)
    store.commit([Unit("111122223333", 0, (Row("k", "1", b"{}"),), posts=(first, first))])
    assert store.put_setting("cursor", b"1", None, [Post("b", "mail", b"2", 6)])
    assert not store.put_setting("cursor", b"2", b"0", [Post("c", "mail", b"3", 6)])
    assert store.take_posts(4, 100, 10) == []
    assert [(p.id, p.body, p.tries) for p in store.take_posts(6, 100, 10)] == [
        ("a", b"1", 1),
        ("b", b"2", 1),
    ]
    assert store.take_posts(7, 100, 10) == []
    store.drop_post("a")
    store.postpone_post("b", 50)
    assert [(p.id, p.tries) for p in store.take_posts(50, 100, 1)] == [("b", 2)]
    assert [(p.id, p.tries) for p in store.take_posts(150, 100, 1)] == [("b", 3)]


def test_of_many_takers_one_gets_a_post(store):
    store.put_setting("x", b"1", None, [Post(str(n), "mail", b"", 0) for n in range(20)])
    with ThreadPoolExecutor(4) as many:
        taken = list(many.map(lambda _: store.take_posts(1, 100, 5), range(8)))
    # Who met another at the same posts came away with fewer; what is left is still due.
    taken.append(store.take_posts(1, 100, 20))
    ids = [post.id for posts in taken for post in posts]
    assert len(ids) == len(set(ids)) == 20


def test_records_are_read_on_in_order_of_their_numbers(store):
    assert store.newest_record() == 0
    store.append([record(3), record(1)])
    store.append([record(2)])
    newest = store.newest_record()
    found = store.records_after(0, newest, 10)
    assert [row.event_id for _, row in found] == ["3", "1", "2"]
    assert [number for number, _ in found] == sorted({number for number, _ in found})
    assert store.records_after(found[0][0], newest, 1) == found[1:2]
    assert store.records_after(0, found[1][0], 10) == found[:2]
    assert store.records_after(newest, newest, 10) == []
    store.prune_records(3)
    assert [row.event_id for _, row in store.records_after(0, newest, 10)] == ["3"]


def test_of_the_records_some_may_be_wanted(store):
    store.append([record(1), record(2, "Wanted"), record(3, username="root"), record(4, "Wanted")])
    newest = store.newest_record()
    among = Among(("Wanted", "Other"), ("root",))
    found = [row.event_id for _, row in store.records_after(0, newest, 10, among)]
    assert found == ["2", "3", "4"]
    first = store.records_after(0, newest, 1, among)
    assert [row.event_id for _, row in first] == ["2"]
    rest = store.records_after(first[0][0], newest, 10, Among(("Wanted",), ()))
    assert [row.event_id for _, row in rest] == ["4"]


@pytest.mark.parametrize("count", [0, 1, 5, 9])
def test_the_last_wait_holds_for_all_beyond(count):
    waits = [0, 0, 0, 1000, 2000, 4000]
    expected = waits[count] if count < 5 else 4000
    assert PATIENCE.wait_ms(count, 100, 100) == expected
