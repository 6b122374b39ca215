import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.app.stores import ACCOUNT, NOW, TroubledStore

from doorward.account.access_job import AccessJob
from doorward.account.accesses import ServiceAccess
from doorward.account.account import Account
from doorward.account.activity import Activity
from doorward.account.model import User
from doorward.app.accounts import Accounts
from doorward.app.live import Live, read_live
from doorward.app.old_reports import JOB_LIFE, MOST_AT_ONCE, prune_reports, pruned
from doorward.app.writer import Writer, Written

ACCESSES = {"iam": ServiceAccess(1, "us-east-1", {})}


def job(number, age):
    return AccessJob(
        id=f"job-{number:04}",
        owner="AIDA",
        created=NOW - age,
        by_action=False,
        services=b"",
        members=b"",
        accesses={},
    )


def user():
    return User(name="ann", user_id="AIDAANN", created=NOW)


@pytest.mark.parametrize(
    ("age", "stays"), [(timedelta(), True), (JOB_LIFE, True), (JOB_LIFE + timedelta(1), False)]
)
def test_a_job_lives_seven_days(age, stays):
    live = Live(Account.of(ACCOUNT, [job(1, age)]))
    left = pruned(live, NOW)
    assert (left.account.access_job("job-0001") is not None) is stays
    assert (left is live) is stays


def test_accesses_of_who_is_gone_are_forgotten():
    activity = Activity().with_accesses({"AIDAANN": ACCESSES, "AIDABOB": ACCESSES}).settled()
    live = Live(Account.of(ACCOUNT, [user()]), activity=activity)
    left = pruned(live, NOW)
    assert list(left.activity.accesses) == ["AIDAANN"]
    assert [(row.kind, row.key, row.body) for row in left.rows()] == [("accesses", "AIDABOB", None)]


def test_all_go_from_the_store_a_few_at_a_time():
    store = TroubledStore()
    accounts = Accounts(store, 10)
    jobs = [job(number, JOB_LIFE * 2) for number in range(MOST_AT_ONCE + 1)]

    def fill(live):
        account = live.account
        for each in jobs:
            account = account.put(each)
        return Written(Live(account, live.secrets, live.activity, live.revision), None, ())

    async def work():
        with ThreadPoolExecutor(1) as executor:
            writer = Writer(store, accounts, executor)
            await writer.write(ACCOUNT, fill)
            before = len(store.commits)
            await prune_reports(accounts, writer, NOW)
            assert len(store.commits) == before + 2

    asyncio.run(work())
    assert read_live(ACCOUNT, *store.read(ACCOUNT)).account.count(AccessJob) == 0
