"""Marks, attempts and posts of a store that lives and dies with the process."""

from collections.abc import Mapping, Sequence
from threading import RLock

from doorward.store.marks import Mark, Patience
from doorward.store.posts import Post

_UNTRIED = (0, 0)


class MemoryMarks:
    """The part of `Store` that counts and that keeps what is to be sent; has its own lock."""

    def __init__(self) -> None:
        self._marks_lock = RLock()
        self.forget_marks()

    def forget_marks(self) -> None:
        """Back to none of anything."""
        with self._marks_lock:
            self._marks: dict[str, dict[int, tuple[int, int]]] = {}
            self._attempts: dict[str, tuple[int, int]] = {}
            self._posts: dict[str, Post] = {}

    def tally(self, batches: Sequence[Sequence[Mark]]) -> list[list[int]]:
        """Count each batch up to its first mark that is beyond its most."""
        with self._marks_lock:
            return [self._tally(batch) for batch in batches]

    def _tally(self, batch: Sequence[Mark]) -> list[int]:
        counts = []
        for mark in batch:
            moments = self._marks.setdefault(mark.place, {})
            count, until = moments.get(mark.moment, (0, mark.until))
            moments[mark.moment] = count + 1, until
            counts.append(count + 1)
            if count + 1 > mark.most:
                break
        return counts

    def tallied(self, place: str, since: int = 0) -> Mapping[int, int]:
        """Return moment -> count of a place, from a moment on."""
        with self._marks_lock:
            moments = sorted(self._marks.get(place, {}).items())
            return {moment: count for moment, (count, _) in moments if moment >= since}

    def attempt(self, places: Sequence[str], now_ms: int, patience: Patience) -> int:
        """Take a try at every place as if it failed, or at none; how long to wait first."""
        with self._marks_lock:
            found = {place: self._attempts.get(place, _UNTRIED) for place in places}
            wait = max(patience.wait_ms(*tried, now_ms) for tried in found.values())
            if wait == 0:
                for place, tried in found.items():
                    self._attempts[place] = patience.counted(*tried, now_ms), now_ms
            return wait

    def forgive(self, forget: Sequence[str], forgive_one: Sequence[str] = ()) -> None:
        """A try did not fail: forget all failures of some places, and this one of others."""
        with self._marks_lock:
            for place in forget:
                self._attempts.pop(place, None)
            for place in forgive_one:
                count, last = self._attempts.get(place, _UNTRIED)
                self._attempts[place] = max(0, count - 1), last

    def prune_marks(self, now_ms: int, window_ms: int) -> None:
        """Forget marks that are over, and failures older than the window."""
        with self._marks_lock:
            for place, moments in list(self._marks.items()):
                kept = {moment: each for moment, each in moments.items() if each[1] >= now_ms}
                self._marks[place] = kept
                if not kept:
                    del self._marks[place]
            old = now_ms - window_ms
            self._attempts = {at: each for at, each in self._attempts.items() if each[1] >= old}

    def add_posts(self, posts: Sequence[Post]) -> None:
        """Keep the posts; a second one of the same id is the same post."""
        with self._marks_lock:
            for post in posts:
                self._posts.setdefault(post.id, post)

    def take_posts(self, now_ms: int, lease_ms: int, limit: int) -> list[Post]:
        """Take up what is due, oldest first; nobody else does before the lease is over."""
        with self._marks_lock:
            due = sorted((post for post in self._posts.values() if post.due <= now_ms), key=_due)
            taken = [
                post._replace(due=now_ms + lease_ms, tries=post.tries + 1) for post in due[:limit]
            ]
            self._posts |= {post.id: post for post in taken}
            return taken

    def postpone_post(self, post_id: str, due_ms: int) -> None:
        """Try a post again at that time."""
        with self._marks_lock:
            if post_id in self._posts:
                self._posts[post_id] = self._posts[post_id]._replace(due=due_ms)

    def drop_post(self, post_id: str) -> None:
        """A post was delivered, or given up."""
        with self._marks_lock:
            self._posts.pop(post_id, None)


def _due(post: Post) -> int:
    return post.due
