"""Last accesses: what noting them costs a call, and what reports on a large account cost.

    python benchmarks/last_accessed.py [PRINCIPALS] [SERVICES]

The account is made up: users with AdministratorAccess by one group, each of whom called three
tracked actions of iam and one call of each of the other services. What is kept does not depend on
how many calls there were: 20 of each action are 10 million with 10,000 users of 50 services.
"""

import asyncio
import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice

from doorward.account.account import Account
from doorward.account.activity import Activity, Use
from doorward.account.caller import Caller
from doorward.account.model import Group, Profile, User
from doorward.app.accounts import Accounts
from doorward.app.in_process import InProcess
from doorward.app.live import Live
from doorward.app.uses import Uses, accesses_in
from doorward.app.writer import Writer
from doorward.catalog.actions import service_prefixes
from doorward.services.call import Call
from doorward.services.iam.service_last_accessed import (
    generate_service_last_accessed_details,
    get_service_last_accessed_details,
    get_service_last_accessed_details_with_entities,
    prepare,
)
from doorward.store.memory import MemoryStore
from doorward.store.unit import Unit

ID = "123456789012"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TRACKED = ("iam:GetUser", "iam:ListUsers", "iam:CreateUser")


def account(count):
    group = Group(name="g", group_id="AGPA", created=NOW, attached=(ADMIN,))
    users = [
        User(name=f"u{number}", user_id=f"AIDA{number:012}", created=NOW, groups=("g",))
        for number in range(count)
    ]
    profile = Profile(id=ID, email="", created=NOW)
    return Account.of(ID, [profile, group, *users]), users


def activity(users, services):
    prefixes = list(islice((name for name in service_prefixes() if name != "iam"), services - 1))
    calls = {action: Use(NOW, "us-east-1", "iam") for action in TRACKED}
    calls |= {f"{name}:Anything": Use(NOW, "us-east-1", name) for name in prefixes}
    accesses = accesses_in(calls)
    return Activity().with_accesses({user.user_id: accesses for user in users}).settled()


def rss_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work):
    started = time.perf_counter()
    result = work()
    return (time.perf_counter() - started) * 1000, result


def a_call(made, accesses, **given):
    return Call(
        service="iam",
        operation="",
        account=made,
        caller=Caller.root(ID),
        now=NOW + timedelta(days=1),
        region="us-east-1",
        request_id="",
        vault=None,
        desk=Sealing(),
        last_use=lambda _: None,
        random=bytes,
        accesses=accesses,
        **given,
    )


class Sealing:
    def seal(self, _kind, text):
        return text


def reports(made, used, arn):
    """Milliseconds to generate, and to fetch services and entities, of one report."""
    asked = {"arn": f"arn:aws:iam::{ID}:{arn}", "granularity": "ACTION_LEVEL"}
    generating, picture = timed(lambda: prepare(a_call(made, used.accesses_of), **asked))
    call = a_call(made, used.accesses_of, prepared=picture)
    job = generate_service_last_accessed_details(call, **asked)["JobId"]
    fetching, _ = timed(lambda: get_service_last_accessed_details(call, job_id=job, max_items=1000))
    entities, _ = timed(
        lambda: get_service_last_accessed_details_with_entities(
            call, job_id=job, service_namespace="iam"
        )
    )
    kept = call.account.access_job(job)
    size = len(kept.services) + len(kept.members) + sum(map(len, kept.accesses.values()))
    took = f"generate {generating:.1f}, services {fetching:.1f}, entities {entities:.1f} ms"
    return f"{took}; {size / 1024:.0f} KiB kept"


def flushing(made, users):
    """Milliseconds for one action of every user, and the longest time nobody else had a turn."""
    store = MemoryStore()
    store.commit([Unit(ID, 0, Live(Account(ID).put(made.profile)).rows())])
    accounts = Accounts(store, 1)
    accounts.publish(Live(made, revision=store.accounts()[ID]))
    uses = Uses(accounts)
    for user in users:
        uses.note_call(ID, user.user_id, "iam:GetUser", Use(NOW, "us-east-1", "iam"))

    async def work():
        gaps, last, done = [], time.perf_counter(), False

        async def watch():
            nonlocal last
            while not done:
                await asyncio.sleep(0)
                now = time.perf_counter()
                gaps.append((now - last) * 1000)
                last = now

        watching = asyncio.create_task(watch())
        with ThreadPoolExecutor(1) as executor:
            started = time.perf_counter()
            await uses.flush(Writer(store, accounts, executor))
            took = (time.perf_counter() - started) * 1000
        done = True
        await watching
        return took, max(gaps)

    return asyncio.run(work())


def noting():
    """Microseconds a call takes, and noting its access."""
    with InProcess() as house:
        client = house.client("sts")
        client.get_caller_identity()
        calls = [timed(client.get_caller_identity)[0] * 1000 for _ in range(500)]
    uses = Uses(Accounts(MemoryStore(), 1))
    use = Use(NOW, "us-east-1", "sts")
    times = []
    for _ in range(50):
        started = time.perf_counter()
        for number in range(1000):
            uses.note_call(ID, f"AIDA{number}", "sts:GetCallerIdentity", use)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(calls), statistics.median(times)


def main(principals, services):
    made, users = account(principals)
    before = rss_mib()
    filling, used = timed(lambda: activity(users, services))
    held = sum(len(used.accesses[user.user_id]) for user in users) / 2**20
    print(
        f"{principals:,} users x {services} services: {held:.1f} MiB, "
        f"{rss_mib() - before:.0f} MiB more RSS, made in {filling:.0f} ms"
    )
    prepare(a_call(made, used.accesses_of), arn=ADMIN)  # the catalogue is read once
    print("one user:      ", reports(made, used, "user/u7"))
    print("all in a group:", reports(made, used, "group/g"))
    took, longest = flushing(made, users)
    print(f"storing one call of each: {took:.0f} ms, nobody waits longer than {longest:.1f} ms")
    call, note = noting()
    print(f"noting: {note:.2f} us of a call of {call:.0f} us with its client")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    main(*given, *(10_000, 50)[len(given) :])
