"""What waits to be sent: kept with the change that caused it, gone once it was delivered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from doorward.store.sql import Session

ADD = "INSERT INTO post (id, kind, body, due, tries) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
DUE = "SELECT id, kind, body, due, tries FROM post WHERE due <= ? ORDER BY due LIMIT ?"
LEASE = "UPDATE post SET due = ?, tries = tries + 1 WHERE id = ? AND due = ?"
POSTPONE = "UPDATE post SET due = ? WHERE id = ?"
DONE = "DELETE FROM post WHERE id = ?"


class Post(NamedTuple):
    """Something to send.

    Attributes:
        id: Unique; a second one of the same id is the same post.
        kind: Who is to send it: `mail`, `webhook`, ...
        body: Opaque to the store, sealed where it holds a secret.
        due: When to try next, milliseconds since the epoch.
        tries: How often it was taken up.
    """

    id: str
    kind: str
    body: bytes
    due: int
    tries: int = 0


def add(session: "Session", posts: Sequence[Post]) -> None:
    """Keep the posts."""
    session.run_many(ADD, posts)


def take(session: "Session", now_ms: int, lease_ms: int, limit: int) -> list[Post]:
    """Take up what is due; whoever does not finish it in time leaves it to the next."""
    due = [Post(*row) for row in session.rows(DUE, (now_ms, limit))]
    # INVARIANT: the due time read is compared, so of two nodes one takes a post.
    return [
        post._replace(due=now_ms + lease_ms, tries=post.tries + 1)
        for post in due
        if session.run(LEASE, (now_ms + lease_ms, post.id, post.due))
    ]
