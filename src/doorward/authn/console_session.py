"""A browser's session with the console, as a value: who signed in, how, and for how long.

The cookie holds all of it, sealed; what ends it early is the account's (a new password, floors)
or the store's (a sign-out, a newer cookie of the same sign-in).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import Profile, User
from doorward.account.session import Session, SessionKind
from doorward.authn.sealing import KeyRing, seal_text, unseal_text

LIFE = timedelta(hours=12)
"""AWS: the console session of an IAM user and of root."""
STEP_UP = timedelta(minutes=5)
"""How long ago MFA may have been shown for what only its owner must be able to do."""
MOST_ROLES = 5

_KIND = "console-session"


class WayIn(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - no password, the word
    FEDERATION = "federation"


class RoleSeen(NamedTuple):
    """A role somebody switched to, to be offered again."""

    account: str
    role: str
    name: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """Somebody signed in.

    Attributes:
        id: Of this sign-in, whatever happens in it.
        turn: Which of its cookies this is. Each change of privilege makes the next, and the one
            before is over.
        csrf: What a page sends along with each change.
        way: How it began.
        identity: Who signed in, as temporary credentials; nobody signs with them.
        role: The role switched to, None outside of one.
        roles: The last roles switched to, newest first.
    """

    id: str
    turn: int
    csrf: str
    way: WayIn
    identity: Session
    role: Session | None = None
    roles: tuple[RoleSeen, ...] = ()

    @property
    def in_force(self) -> Session:
        """The credentials that calls are made with."""
        return self.role or self.identity

    @property
    def caller(self) -> Caller:
        """Who calls from this session."""
        return Caller.of_session(self.in_force)

    def is_expired(self, now: datetime) -> bool:
        """Its time is over; a role's may be over before."""
        return self.identity.is_expired(now)

    def has_fresh_mfa(self, now: datetime) -> bool:
        """MFA was shown within the last five minutes."""
        shown = self.identity.mfa_at
        return shown is not None and now - shown <= STEP_UP

    def with_mfa(self, serial: str, at: datetime) -> "ConsoleSession":
        """The next turn, after MFA was shown."""
        shown = replace(self.identity, mfa_serial=serial, mfa_at=at)
        return self.turned(identity=shown, role=self.role)

    def with_new_password(self, at: datetime) -> "ConsoleSession":
        """The next turn, after its owner changed the password it began with."""
        return self.turned(identity=replace(self.identity, issued_at=at), role=self.role)

    def in_role(self, role: Session, seen: RoleSeen) -> "ConsoleSession":
        """The next turn, in a role."""
        others = [each for each in self.roles if each[:2] != seen[:2]]
        return self.turned(role=role, roles=(seen, *others)[:MOST_ROLES])

    def out_of_role(self) -> "ConsoleSession":
        """The next turn, as whoever signed in."""
        return self.turned(role=None)

    def turned(
        self,
        *,
        identity: Session | None = None,
        role: Session | None = None,
        roles: tuple[RoleSeen, ...] | None = None,
    ) -> "ConsoleSession":
        """The next turn; outside of a role unless one is given."""
        return replace(
            self,
            turn=self.turn + 1,
            identity=identity or self.identity,
            role=role,
            roles=self.roles if roles is None else roles,
        )


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ConsoleSession)


def seal_console(session: ConsoleSession, ring: KeyRing, nonce: bytes) -> str:
    """The value of the cookie."""
    return seal_text(_KIND, _ENCODER.encode(session), ring, nonce)


def unseal_console(text: str, ring: KeyRing) -> ConsoleSession | None:
    """The session of a cookie; None when it is none of ours. It may be over."""
    payload = unseal_text(_KIND, text, ring)
    if payload is None:
        return None
    try:
        return _DECODER.decode(payload)
    except msgspec.DecodeError:
        return None


def begins_with_old_password(account: Account, session: ConsoleSession) -> bool:
    """It began with a password that is not in force any more."""
    if session.way is not WayIn.PASSWORD:
        return False
    changed = _password_changed(account, session.identity)
    return changed is None or changed > session.identity.issued_at


def _password_changed(account: Account, identity: Session) -> datetime | None:
    """When the password was set last; None when there is none any more."""
    if identity.kind is SessionKind.ROOT:
        return _of_root(account.profile)
    user = account.by_id(identity.entity_id)
    profile = user.login_profile if isinstance(user, User) else None
    return (profile.changed or profile.created) if profile else None


def _of_root(profile: Profile) -> datetime | None:
    if not profile.root_has_password:
        return None
    return profile.root_password_changed or profile.created
