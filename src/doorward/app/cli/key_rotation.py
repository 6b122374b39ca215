"""Rotate a user's access key over the AWS API of any endpoint; begin where the last run ended.

1. one key        make the second, hand it over; when the hook fails, remove it again
2. two keys       once the new one is in place, wait until the old one falls silent
3. old inactive   delete it
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from doorward.app.cli.key_hooks import Hook, HookFailed, NewPair

MOST_KEYS = 2
_POLL_S = 15.0
_TRIES = 10


class Unrotatable(Exception):  # noqa: N818 - a verdict
    """The user's keys are none that a rotation begins or goes on with; says why."""


class _Key(NamedTuple):
    created: datetime
    id: str
    active: bool


def _refuse_odd(old: _Key, new: _Key, user: str) -> None:
    if old.created == new.created:
        raise Unrotatable(f"{old.id} and {new.id} are of the same second: delete one of them")
    if not new.active:
        raise Unrotatable(f"{new.id}, the newer of {user}'s keys, is inactive")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the old key is watched.

    Attributes:
        wait: At most, from the hand-over or the start of this run.
        quiet: A silence of this length is enough.
    """

    wait: timedelta
    quiet: timedelta


@dataclass(slots=True)
class Rotation:
    """One run.

    Attributes:
        iam: A botocore client; becomes the new pair's when the old key signed for itself.
        client_of: A client that signs with another pair.
        hook: None: the pair is in the answer, and the run ends there.
        done: What was done, one line each.
    """

    iam: Any
    client_of: Callable[[tuple[str, str]], Any]
    user: str
    hook: Hook | None
    patience: Patience
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    done: list[str] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Go as far as it goes now.

        Returns:
            `state` is `rotated`, `made` (without a hook), `unused` or `in use`.

        Raises:
            Unrotatable: as it says.
            HookFailed: the new key is gone again.
        """
        keys = self._keys()
        if len(keys) == 1:
            return self._begin(keys[0])
        old, new = keys
        if not old.active:
            return self._finish(old, new.id)
        used = self._last_use(new.id)
        if used is None and self.hook:
            # Its secret may never have reached anybody, and nobody misses a key without uses.
            self._delete(new.id, "whose hand-over was never seen to succeed")
            return self._begin(old)
        if used is None:
            return self._answer("unused", old.id, new.id)
        return self._retire(old, new.id, new.created)

    def _keys(self) -> list[_Key]:
        listed = self.iam.list_access_keys(UserName=self.user)["AccessKeyMetadata"]
        keys = sorted(
            _Key(each["CreateDate"], each["AccessKeyId"], each["Status"] == "Active")
            for each in listed
        )
        if not keys:
            raise Unrotatable(f"{self.user} has no access key")
        if len(keys) > MOST_KEYS:
            raise Unrotatable(f"{self.user} has {len(keys)} access keys")
        if len(keys) == MOST_KEYS:
            _refuse_odd(keys[0], keys[1], self.user)
        return keys

    def _begin(self, old: _Key) -> dict[str, Any]:
        made = self.iam.create_access_key(UserName=self.user)["AccessKey"]
        pair = NewPair(self.user, made["AccessKeyId"], made["SecretAccessKey"], old.id)
        self.done.append(f"made {pair.access_key_id}")
        if self.hook is None:
            secret = {"secret_access_key": pair.secret_access_key}
            return self._answer("made", old.id, pair.access_key_id) | secret
        try:
            self.hook(pair)
        except BaseException as error:
            self._delete(pair.access_key_id, "again")
            if isinstance(error, HookFailed):
                raise HookFailed(f"{error}; {pair.access_key_id} is deleted again") from None
            raise
        self.done.append(f"handed {pair.access_key_id} over")
        self._sign_with(pair)
        return self._retire(old, pair.access_key_id, self.now())

    def _sign_with(self, pair: NewPair) -> None:
        """Whoever rotates the key it signs with goes on with the new one."""
        if not self._signs_with(pair.replaces):
            return
        self.iam = self.client_of((pair.access_key_id, pair.secret_access_key))
        for _ in range(_TRIES):
            # AWS: a new key is known everywhere only after some seconds.
            if self._is_known():
                return
            self.sleep(_POLL_S / _TRIES)
        raise Unrotatable(f"{pair.access_key_id} is handed over and does not work yet")

    def _signs_with(self, key_id: str) -> bool:
        found: str = self.iam._request_signer._credentials.access_key  # noqa: SLF001 - botocore has no other way
        return found == key_id

    def _is_known(self) -> bool:
        from botocore.exceptions import ClientError

        try:
            self.iam.list_access_keys(UserName=self.user)
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidClientTokenId":
                raise
            return False
        return True

    def _retire(self, old: _Key, new: str, since: datetime) -> dict[str, Any]:
        if self._signs_with(old.id):
            raise Unrotatable(f"{old.id} signs this itself: sign with {new}")
        if old.active and not self._silent(old, since):
            return self._answer("in use", old.id, new) | {"last_use": self._use_of(old.id)}
        if old.active:
            self.iam.update_access_key(UserName=self.user, AccessKeyId=old.id, Status="Inactive")
            self.done.append(f"deactivated {old.id}")
        return self._finish(old, new)

    def _finish(self, old: _Key, new: str) -> dict[str, Any]:
        self._delete(old.id)
        return self._answer("rotated", old.id, new)

    def _silent(self, old: _Key, since: datetime) -> bool:
        """Wait for a silence that is long enough; False where none came in time."""
        ends = self.now() + self.patience.wait
        while True:
            used = self._last_use(old.id)
            # A server whose clock is ahead of ours tells of uses to come.
            quiet = max(self.now() - max(since, used or since), timedelta())
            if quiet >= self.patience.quiet:
                return True
            left = (ends - self.now()).total_seconds()
            if left <= 0:
                return False
            self.sleep(min(_POLL_S, left, (self.patience.quiet - quiet).total_seconds()))

    def _last_use(self, key_id: str) -> datetime | None:
        found: datetime | None = self._use_of(key_id).get("LastUsedDate")
        return found

    def _use_of(self, key_id: str) -> dict[str, Any]:
        answer = self.iam.get_access_key_last_used(AccessKeyId=key_id)
        found: dict[str, Any] = answer["AccessKeyLastUsed"]
        return found

    def _delete(self, key_id: str, why: str = "") -> None:
        self.iam.delete_access_key(UserName=self.user, AccessKeyId=key_id)
        self.done.append(f"deleted {key_id} {why}".strip())

    def _answer(self, state: str, old: str, new: str) -> dict[str, Any]:
        return {"user": self.user, "state": state, "old": old, "new": new, "done": self.done}
