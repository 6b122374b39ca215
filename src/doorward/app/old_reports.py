"""What reports leave behind: those nobody fetches any more, and accesses of who is gone."""

from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from doorward.account.access_job import AccessJob
from doorward.account.account import Account
from doorward.app.accounts import Accounts
from doorward.app.live import Live
from doorward.app.writer import Writer, Written

JOB_LIFE = timedelta(days=7)
MOST_AT_ONCE = 500


async def prune_reports(accounts: Accounts, writer: Writer, now: datetime) -> None:
    """Forget them in every account this node holds, a few at a time."""
    for account_id in accounts.revisions():
        live = accounts.get(account_id)
        while live is not None and pruned(live, now) is not live:
            await writer.write(account_id, partial(_written, now))
            live = accounts.get(account_id)


def pruned(live: Live, now: datetime) -> Live:
    """The account without the next few of them; itself when there are none."""
    account = live.account
    old = (job for job in account.all(AccessJob) if now - job.created > JOB_LIFE)
    for job in islice(old, MOST_AT_ONCE):
        account = account.drop(job)
    activity = live.activity.without(partial(_is_gone, account))
    if account is live.account and activity is live.activity:
        return live
    return Live(account, live.secrets, activity, live.revision, live.secrets_touched)


def _is_gone(account: Account, principal_id: str) -> bool:
    # Unique ids are never used again, so no report can ever be about it.
    return account.by_id(principal_id) is None


def _written(now: datetime, live: Live) -> Written:
    return Written(pruned(live, now), None, ())
