import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from tests.app.stores import ACCOUNT, TroubledStore, a_record, made, stored_records, stored_users

from doorward.account.model import User
from doorward.app.accounts import Accounts
from doorward.app.writer import GIVE_UP_S, LARGEST_BATCH, Writer, Written
from doorward.store.errors import StoreUnavailable


class Desk:
    def __init__(self, store):
        self.store = store
        self.accounts = Accounts(store, 10)
        self.seconds, self.tick = 0.0, 1.0

    def clock(self):
        """Each look takes a tick."""
        self.seconds += self.tick
        return self.seconds

    def seen(self):
        """The users that callers of this node see."""
        return [user.name for user in self.accounts.get(ACCOUNT).account.all(User)]

    async def begun(self, writer, jobs, account=ACCOUNT):
        """Tasks that have handed in their jobs, the first of them being stored already."""
        tasks = [asyncio.create_task(writer.write(account, job)) for job in jobs]
        await asyncio.to_thread(self.store.entered.wait, 10)
        return tasks


@pytest.fixture
def desk():
    return Desk(TroubledStore())


@asynccontextmanager
async def a_writer(desk):
    with ThreadPoolExecutor(1) as executor:
        writer = Writer(desk.store, desk.accounts, executor, desk.clock)
        yield writer
        await writer.finish()


def run(desk, work):
    """Run the coroutine function with a writer."""

    async def inside():
        async with a_writer(desk) as writer:
            return await work(writer)

    return asyncio.run(inside())


def test_an_answer_comes_once_change_and_record_are_stored(desk):
    answer = run(desk, lambda writer: writer.write(ACCOUNT, made("ann")))
    assert answer == 1
    assert desk.seen() == stored_users(desk.store) == stored_records(desk.store) == ["ann"]


def test_nobody_sees_a_change_before_it_is_stored(desk):
    async def work(writer):
        desk.store.open.clear()
        (task,) = await desk.begun(writer, [made("ann")])
        before = desk.seen(), task.done()
        desk.store.open.set()
        await task
        return before

    assert run(desk, work) == ([], False)
    assert desk.seen() == ["ann"]


def test_jobs_run_in_order_and_what_waits_goes_in_one_commit(desk):
    async def work(writer):
        desk.store.open.clear()
        tasks = await desk.begun(writer, [made(f"u{n}") for n in range(10)])
        desk.store.open.set()
        return await asyncio.gather(*tasks)

    assert run(desk, work) == list(range(1, 11))
    assert stored_records(desk.store) == [f"u{n}" for n in range(10)]
    assert len(desk.store.commits) <= 2


def test_a_batch_has_a_largest_size(desk):
    async def work(writer):
        await asyncio.gather(
            *(writer.write(ACCOUNT, made(f"u{n}")) for n in range(LARGEST_BATCH + 1))
        )

    run(desk, work)
    assert [len(units[0].records) for units in desk.store.commits] == [LARGEST_BATCH, 1]


def test_what_another_node_wrote_is_taken_in_and_the_batch_run_again(desk):
    desk.accounts.get(ACCOUNT)
    desk.store.meddle = lambda: desk.store.elsewhere("there")
    assert run(desk, lambda writer: writer.write(ACCOUNT, made("here"))) == 2
    assert desk.seen() == stored_users(desk.store) == ["here", "there"]
    assert stored_records(desk.store) == ["here"]


def never_rests(desk):
    """Another node wins every time."""

    def meddle():
        desk.store.elsewhere(f"u{len(desk.store.commits)}")
        desk.store.meddle = meddle

    desk.store.meddle = meddle


def test_an_account_that_never_rests_is_given_up(desk):
    never_rests(desk)
    with pytest.raises(StoreUnavailable, match="faster"):
        run(desk, lambda writer: writer.write(ACCOUNT, made("here")))
    assert desk.seconds >= GIVE_UP_S
    assert stored_records(desk.store) == []


def test_a_node_that_loses_a_hundred_times_in_a_row_still_writes(desk):
    never_rests(desk)
    desk.tick = GIVE_UP_S / 200
    meddle = desk.store.meddle

    def until_then():
        meddle()
        desk.store.meddle = None if len(desk.store.commits) > 100 else until_then

    desk.store.meddle = until_then
    assert run(desk, lambda writer: writer.write(ACCOUNT, made("here"))) > 100
    assert stored_records(desk.store) == ["here"]


def test_a_later_revision_that_was_followed_meanwhile_stays(desk):
    """The commit is stored, another node writes, this node follows, then the answer comes."""
    commit = desk.store.commit

    def overtaken(units):
        moved = commit(units)
        known = desk.accounts.revisions()[ACCOUNT]
        desk.store.elsewhere("later")
        desk.accounts.merge(ACCOUNT, *desk.store.read(ACCOUNT, known))
        return moved

    desk.store.commit = overtaken
    run(desk, lambda writer: writer.write(ACCOUNT, made("ann")))
    assert desk.seen() == ["ann", "later"]


def test_a_job_that_raises_leaves_the_others_of_its_batch(desk):
    def broken(_live):
        raise KeyError("mine")

    async def work(writer):
        jobs = [made("ann"), broken, made("bob")]
        return await asyncio.gather(
            *(writer.write(ACCOUNT, job) for job in jobs), return_exceptions=True
        )

    first, error, last = run(desk, work)
    assert (first, repr(error), last) == (1, "KeyError('mine')", 2)
    assert stored_users(desk.store) == stored_records(desk.store) == ["ann", "bob"]


def test_a_refusal_stores_its_record_and_moves_no_revision(desk):
    def refused(live):
        return Written(live, "no", (a_record("refused"),))

    before = desk.store.accounts()
    assert run(desk, lambda writer: writer.write(ACCOUNT, refused)) == "no"
    assert stored_records(desk.store) == ["refused"]
    assert desk.store.accounts() == before


def test_without_a_store_everybody_is_told_and_nothing_is_seen(desk):
    desk.accounts.get(ACCOUNT)

    async def work(writer):
        desk.store.open.clear()
        tasks = await desk.begun(writer, [made("ann"), made("bob"), made("cid")])
        desk.store.down = True
        desk.store.open.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(error) for error in run(desk, work)] == [StoreUnavailable] * 3
    desk.store.down = False
    assert desk.seen() == stored_users(desk.store) == stored_records(desk.store) == []
    assert run(desk, lambda writer: writer.write(ACCOUNT, made("dan"))) == 1


def test_a_commit_whose_answer_was_lost_is_known_to_the_next_write(desk):
    commit = desk.store.commit

    def silent(units):
        desk.store.commit = commit
        commit(units)
        raise StoreUnavailable("the line is cut")

    desk.store.commit = silent
    with pytest.raises(StoreUnavailable):
        run(desk, lambda writer: writer.write(ACCOUNT, made("ann")))
    assert run(desk, lambda writer: writer.write(ACCOUNT, made("bob"))) == 2
    assert desk.seen() == stored_users(desk.store) == stored_records(desk.store) == ["ann", "bob"]


def test_an_account_that_is_not_there_is_refused(desk):
    with pytest.raises(StoreUnavailable, match="is gone"):
        run(desk, lambda writer: writer.write("999999999999", made("ann")))


def test_who_no_longer_waits_changes_nothing_for_the_others(desk):
    async def work(writer):
        desk.store.open.clear()
        first, second, third = await desk.begun(writer, [made("ann"), made("bob"), made("cid")])
        first.cancel()
        second.cancel()
        desk.store.open.set()
        return await third

    assert run(desk, work) == 3
    assert stored_records(desk.store) == ["ann", "bob", "cid"]
