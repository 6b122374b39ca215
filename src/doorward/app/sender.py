"""The outbox's worker: what was stored to be sent is sent, at least once, or given up by name.

A post is taken under a lease, sent, and forgotten once it was delivered. What fails is tried
again, after 1 s, 2 s, 4 s ... 15 min. Posts go by lanes, one for mail and one for each webhook's
host: a lane that hangs keeps its own posts waiting and nobody else's.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from doorward.app.mail import MailServer, message, send_mail
from doorward.app.outbox import opened_post
from doorward.app.webhook import NotTaken, place_of, send_webhook
from doorward.store.errors import StoreFailure
from doorward.store.posts import Post
from doorward.store.sealed import Sealer
from doorward.store.unit import Store

log = logging.getLogger("doorward.outbox")

POLL_S = 0.5
SHORTEST_LEASE_S = 60
IN_HAND = 64
IN_HAND_OF_LANE = 16
IN_HAND_OF_SICK_LANE = 4
IN_HAND_OF_WEBHOOKS = 48
"""Of all lanes: who may subscribe could name enough hosts that hang to keep all mail waiting."""
AT_ONCE = 8
LONGEST_WAIT_S = 900
MOST_TRIES = 297
"""As many as three days hold: ten in the first 17 minutes, then one each quarter of an hour."""

MAIL, WEBHOOK = "mail", "webhook"
NOBODYS = ".invalid"
"""The end of an address that a first start makes up. Source: RFC 6761, section 6.4."""
Body = Mapping[str, Any]


@dataclass(slots=True)
class _Lane:
    """What goes one way: how much of it is in hand, and whether the last delivery failed."""

    in_hand: int = 0
    sick: bool = False
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def full(self) -> bool:
        return self.in_hand >= (IN_HAND_OF_SICK_LANE if self.sick else IN_HAND_OF_LANE)


class Sender:
    """Lives in the event loop as a task of the house.

    Args:
        server: Where mail goes; None drops mail and says so.
        alone: Nobody else sends from this store, so what is leased was left by a node that died.
    """

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        server: MailServer | None,
        clock: Callable[[], datetime],
        *,
        alone: bool = False,
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._server = server
        self._clock = clock
        # A full lane is emptied in two rounds; the lease holds longer than that.
        self._lease_ms = 1000 * max(SHORTEST_LEASE_S, 3 * (server.timeout_s if server else 0))
        self._ahead_ms = self._lease_ms if alone else 0
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self._webhooks = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send what is due until cancelled; what is under way then is sent after its lease."""
        try:
            while True:
                await self._take_quietly()
                await asyncio.sleep(POLL_S)
        finally:
            for task in self._tasks:
                task.cancel()

    async def send_due(self) -> None:
        """Take up what is due now, and wait until it was sent or put back."""
        await self.take()
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def take(self) -> None:
        """Take up what is due, as much as fits in hand.

        Raises:
            StoreFailure: nothing was.
        """
        room = IN_HAND - len(self._tasks)
        if room <= 0:
            return
        now_ms = self._ms() + self._ahead_ms
        posts = await asyncio.to_thread(self._store.take_posts, now_ms, self._lease_ms, room)
        self._ahead_ms = 0
        for post in posts:
            task = asyncio.create_task(self._handle(post))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take_quietly(self) -> None:
        try:
            await self.take()
        except StoreFailure as error:
            log.warning("posts wait, the store does not answer: %s", error)
        except Exception:
            log.exception("posts wait")

    async def _handle(self, post: Post) -> None:
        """Send one post; whatever happens to it, the store knows, or its lease ends."""
        try:
            await self._send(post)
        except StoreFailure as error:
            log.warning("a post may be sent twice, the store does not answer: %s", error)
        except Exception:
            log.exception("a post waits for its lease to end", extra={"id": post.id})

    async def _send(self, post: Post) -> None:
        body = opened_post(self._sealer, post)
        if post.kind == MAIL and (nowhere := self._nowhere(body)):
            log.warning("not mailed to %s: %s: %s", body.get("to"), body.get("subject"), nowhere)
            await asyncio.to_thread(self._store.drop_post, post.id)
            return
        try:
            way, deliver = self._way(post, body)
        except (ValueError, KeyError, TypeError) as error:
            await self._give_up(post, str(error))
            return
        lane, web = self._lanes[way], post.kind == WEBHOOK
        if lane.full or (web and self._webhooks >= IN_HAND_OF_WEBHOOKS):
            await self._postpone(post)
            return
        lane.in_hand += 1
        self._webhooks += web
        try:
            await self._deliver(post, lane, deliver)
        finally:
            self._webhooks -= web
            lane.in_hand -= 1
            if not lane.in_hand:
                self._lanes.pop(way, None)

    async def _deliver(
        self, post: Post, lane: _Lane, deliver: Callable[[], Awaitable[None]]
    ) -> None:
        failure: Exception | None = None
        async with lane.gate:
            try:
                await deliver()
            except Exception as error:  # noqa: BLE001 - whatever a server does, it is tried again
                failure = error
            lane.sick = failure is not None
        if failure is None:
            await asyncio.to_thread(self._store.drop_post, post.id)
        elif post.tries >= MOST_TRIES:
            await self._give_up(post, _words(failure))
        else:
            log.warning("%s not sent, try %d: %s", post.kind, post.tries, _words(failure))
            await self._postpone(post)

    def _nowhere(self, body: Body) -> str:
        """Why this mail cannot go anywhere; empty when it can."""
        if self._server is None:
            return "mail is off; set mail.host and mail.from"
        if str(body.get("to")).endswith(NOBODYS):
            return "the account has no real address; a seed gives it one"
        return ""

    def _way(self, post: Post, body: Body) -> tuple[str, Callable[[], Awaitable[None]]]:
        """The lane of a post, and how it is delivered."""
        if post.kind == MAIL and self._server:
            server, mail = self._server, message(self._server, post.id, body, self._clock())
            return MAIL, lambda: send_mail(server, mail)
        if post.kind == WEBHOOK:
            return f"{WEBHOOK}/{place_of(body['url']).host}", lambda: send_webhook(body)
        # A newer node may have made it, and may send it.
        return post.kind, _nobody

    async def _postpone(self, post: Post) -> None:
        due = self._ms() + 1000 * wait_s(post.tries)
        await asyncio.to_thread(self._store.postpone_post, post.id, due)

    async def _give_up(self, post: Post, reason: str) -> None:
        log.error("%s given up after %d tries: %s", post.kind, post.tries, reason)
        await asyncio.to_thread(self._store.drop_post, post.id)

    def _ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def wait_s(tries: int) -> int:
    """How long a post waits after that many tries."""
    return min(1 << min(tries - 1, 10), LONGEST_WAIT_S)


async def _nobody() -> None:
    raise NotTaken("this node knows no such kind of post")


def _words(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
