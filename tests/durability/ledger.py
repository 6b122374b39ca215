"""What a stopped node left in its store, held against what was promised and against itself."""

import json
from collections import Counter

from tests.durability.writers import POLICY

from doorward.account.model import User
from doorward.app.live import read_live


def records_of(store, account):
    """Every record of the account, as the trail tells it."""
    found = store.find_records(
        account, start_ms=0, end_ms=10**15, attribute=None, limit=10**6, before=None
    )
    return [json.loads(row.body) for _, row in found]


def check(store, account, promises, *, reads):
    """Nothing promised is missing, nothing is there by halves."""
    live = read_live(account, *store.read(account))
    users = {user.name: user for user in live.account.all(User) if user.name != "admin"}
    done = [each for each in records_of(store, account) if "errorCode" not in each]
    _holds_what_was_promised(users, promises)
    _has_one_record_of_each(done, promises.changes | (promises.reads if reads else set()))
    _has_no_half(users, live.secrets, done)


def _holds_what_was_promised(users, promises):
    assert promises.users <= users.keys()
    for key_id, (name, _) in promises.keys.items():
        assert key_id in {key.id for key in users[name].access_keys}
    for name in promises.attached:
        assert users[name].attached == (POLICY,)


def _has_one_record_of_each(done, request_ids):
    counted = Counter(record["requestID"] for record in done)
    assert {request_id: counted[request_id] for request_id in request_ids} == dict.fromkeys(
        request_ids, 1
    )


def _has_no_half(users, secrets, done):
    """Each change has its record and each record its change, promised or not."""
    by_name = {
        name: sorted(
            record["requestParameters"]["userName"]
            for record in done
            if record["eventName"] == name
        )
        for name in ("CreateUser", "CreateAccessKey", "AttachUserPolicy")
    }
    keys = [key.id for user in users.values() for key in user.access_keys]
    assert by_name["CreateUser"] == sorted(users)
    assert by_name["CreateAccessKey"] == sorted(
        user.name for user in users.values() for _ in user.access_keys
    )
    assert by_name["AttachUserPolicy"] == sorted(
        user.name for user in users.values() for _ in user.attached
    )
    assert {f"access-key/{key_id}" for key_id in keys} <= set(secrets)
