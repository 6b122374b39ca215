"""Whoever signs in: a user or root, with what opens and what guards the door."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from doorward.account.account import Account
from doorward.account.mfa import MfaDevice, MfaKind
from doorward.account.model import User
from doorward.account.session import Session, SessionKind
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.authn.console_session import LIFE
from doorward.authn.key_ids import access_key_id
from doorward.services.iam.passwords import password_place
from doorward.store.sealed import Sealer


@dataclass(frozen=True, slots=True)
class Holder:
    """A user, or root where `user` is None; in the account as it stands."""

    account: Account
    user: User | None

    @property
    def id(self) -> str:
        """The user's unique id, the account's id for root."""
        return self.user.user_id if self.user else self.account.id

    @property
    def arn(self) -> str:
        """Its own."""
        return self.account.arn(self.user or self.account.profile)

    @property
    def name(self) -> str:
        """The user's name; root's is the account's id, by which root may name itself."""
        return self.user.name if self.user else self.account.id

    @property
    def label(self) -> str:
        """What an authenticator shows."""
        return self.user.name if self.user else self.account.profile.email

    @property
    def has_password(self) -> bool:
        """There is a password to sign in with."""
        if self.user:
            return self.user.login_profile is not None
        return self.account.profile.root_has_password

    @property
    def devices(self) -> list[MfaDevice]:
        """Its MFA devices; any one is enough."""
        return self.account.mfa_devices_of(self.id)

    def devices_with_codes(self) -> list[MfaDevice]:
        """Those that show codes."""
        return [device for device in self.devices if device.kind is not MfaKind.FIDO]


def user_of(live: Live, name: str) -> Holder | None:
    """The user of that name, if it has a password."""
    user = live.account.user(name)
    found = Holder(live.account, user) if user else None
    return found if found and found.has_password else None


def root_of(live: Live) -> Holder | None:
    """The root user, if it has a password."""
    found = Holder(live.account, None)
    return found if found.has_password else None


def holder_of(live: Live, holder_id: str) -> Holder | None:
    """Whoever has that id and a password."""
    if holder_id == live.account.id:
        return root_of(live)
    user = live.account.by_id(holder_id)
    return user_of(live, user.name) if isinstance(user, User) else None


def kept_password(live: Live, sealer: Sealer, holder: Holder) -> bytes | None:
    """The record of its password."""
    return AccountVault(live, sealer).get(password_place(holder.id))


def print_of(kept: bytes) -> str:
    """What tells one record of a password from the next."""
    return sha256(kept).hexdigest()


def session_of(
    holder: Holder, now: datetime, random: bytes, mfa: tuple[str, datetime] | None
) -> Session:
    """The session of twelve hours that somebody who is in gets; nobody can sign with it."""
    serial, at = mfa or (None, None)
    return Session(
        access_key_id=access_key_id("ASIA", holder.account.id, random),
        secret_access_key="",
        account=holder.account.id,
        kind=SessionKind.USER if holder.user else SessionKind.ROOT,
        entity_arn=holder.arn,
        entity_id=holder.id,
        name=holder.user.name if holder.user else "",
        issued_at=now,
        expires_at=now + LIFE,
        mfa_serial=serial,
        mfa_at=at,
    )
