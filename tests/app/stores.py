"""Stores that fail, wait or are moved by somebody else when a test says so; what they hold."""

import threading
from datetime import UTC, datetime

from doorward.account.model import User
from doorward.app.bootstrap import empty_live
from doorward.app.live import read_live
from doorward.app.writer import Written
from doorward.store.errors import StoreUnavailable
from doorward.store.memory import MemoryStore
from doorward.store.unit import RecordRow, Unit

ACCOUNT = "111122223333"
OTHER = "444455556666"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class TroubledStore(MemoryStore):
    """A store with one account, which can be out of order and can be made to wait.

    Attributes:
        down: Every use is refused.
        open: Commits and appends wait until it is set.
        entered: Set as soon as a commit or an append is under way.
        meddle: Called once, as another node would write, just before the next commit.
        commits: The units of every commit that was tried.
    """

    def __init__(self):
        super().__init__()
        self.down = False
        self.open = threading.Event()
        self.open.set()
        self.entered = threading.Event()
        self.meddle = None
        self.commits = []
        self.appended = []
        super().commit([Unit(ACCOUNT, 0, empty_live(ACCOUNT, None, NOW).rows())])

    def commit(self, units):
        self._pass()
        self.commits.append(units)
        meddle, self.meddle = self.meddle, None
        if meddle:
            meddle()
        return super().commit(units)

    def append(self, records):
        self._pass()
        self.appended.append(list(records))
        super().append(records)

    def read(self, account, since=0):
        if self.down:
            raise StoreUnavailable("down")
        return super().read(account, since)

    def changed(self, known):
        if self.down:
            raise StoreUnavailable("down")
        return super().changed(known)

    def elsewhere(self, name, account=ACCOUNT):
        """Another node makes a user."""
        live = read_live(account, *self.read(account))
        after = made(name)(live).live
        super().commit([Unit(account, live.revision, after.rows())])

    def _pass(self):
        self.entered.set()
        assert self.open.wait(10)
        if self.down:
            raise StoreUnavailable("down")


def a_user(name):
    return User(name=name, user_id=f"AIDA{name.upper()}", created=NOW)


def a_record(name, account=ACCOUNT):
    return RecordRow(account, 1, name, name, "", "", "", False, (), name, b"{}")


def made(name):
    """The job that makes a user and its record; the answer is how many users there then are."""

    def job(live):
        account = live.account.put(a_user(name))
        after = type(live)(
            account, live.secrets, live.activity, live.revision, live.secrets_touched
        )
        return Written(after, account.count(User), (a_record(name),))

    return job


def stored_users(store, account=ACCOUNT):
    live = read_live(account, *store.read(account))
    return [user.name for user in live.account.all(User)]


def stored_records(store, account=ACCOUNT):
    """Names of the records, oldest first."""
    found = store.find_records(
        account, start_ms=0, end_ms=10**15, attribute=None, limit=10_000, before=None
    )
    return [row.event_name for _, row in reversed(found)]
