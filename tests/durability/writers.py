"""Threads that change an account until its server dies, and remember what they were promised."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException

POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
WRITERS = 8


@dataclass
class Promises:
    """What was answered with 200. Names and ids are never used twice.

    Attributes:
        users: Names.
        keys: Key id -> (user, secret).
        attached: Names of users with the policy.
        changes: Request ids of changes.
        reads: Request ids of calls that change nothing.
    """

    users: set = field(default_factory=set)
    keys: dict = field(default_factory=dict)
    attached: set = field(default_factory=set)
    changes: set = field(default_factory=set)
    reads: set = field(default_factory=set)
    failed: list = field(default_factory=list)


def write_until(end, server, admin, promises, *, round_number, after):
    """Eight writers at once; the server's end comes as soon as `after` changes were promised."""
    enough = threading.Semaphore(0)
    threads = [
        threading.Thread(
            target=_write, args=(server, admin, promises, f"r{round_number}-w{number}", enough)
        )
        for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for _ in range(after):
        assert enough.acquire(timeout=60), promises.failed
    end()
    for thread in threads:
        thread.join(60)
    assert promises.failed == []


def _write(server, admin, promises, prefix, enough):
    """Users, keys and attachments, and now and then a read, until nobody answers."""
    number = 0
    with server.client(*admin) as client, suppress(OSError, HTTPException):
        while True:
            name = f"{prefix}-{number}"
            number += 1
            _change(client, promises, enough, "CreateUser", name)
            promises.users.add(name)
            made = _change(client, promises, enough, "CreateAccessKey", name)
            promises.keys[made.member("AccessKeyId")] = (name, made.member("SecretAccessKey"))
            _change(client, promises, enough, "AttachUserPolicy", name, PolicyArn=POLICY)
            promises.attached.add(name)
            seen = client.call("iam", "GetUser", UserName=name)
            promises.reads.add(seen.request_id)


def _change(client, promises, enough, action, name, **parameters):
    answer = client.call("iam", action, UserName=name, **parameters)
    if answer.status != 200:
        promises.failed.append(answer)
        raise HTTPException
    promises.changes.add(answer.request_id)
    enough.release()
    return answer
