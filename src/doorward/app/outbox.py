"""What waits to be sent, sealed: a mail may carry a link that opens a door."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec

from doorward.store.posts import Post
from doorward.store.sealed import Sealer, row_place


def sealed_post(
    sealer: Sealer, kind: str, body: Mapping[str, Any], due_ms: int, post_id: str | None = None
) -> Post:
    """A post to keep with the change that causes it.

    Args:
        sealer: Seals the body.
        kind: Who sends it: `mail`, `webhook`, ...
        body: Plain JSON values.
        due_ms: When to send it first.
        post_id: Given where the same cause must give the same post; else a new one.
    """
    name = post_id or str(uuid4())
    return Post(name, kind, sealer.seal(msgspec.json.encode(body), _place(name)), due_ms)


def opened_post(sealer: Sealer, post: Post) -> dict[str, Any]:
    """What is to be sent."""
    body: dict[str, Any] = msgspec.json.decode(sealer.unseal(post.body, _place(post.id)))
    return body


def _place(post_id: str) -> bytes:
    return row_place("", "post", post_id)
