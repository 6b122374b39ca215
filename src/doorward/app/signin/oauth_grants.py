"""What `aws login` is given, as values sealed by us: a code, then refresh tokens one after another.

No table of logins is kept. A login is over when the sign-in it came from is over, when the
password it began with is not in force any more, when its sessions were revoked, or when one of
its refresh tokens was used by somebody else as well.
"""

import asyncio
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from doorward.account.session import Session
from doorward.app.identify import is_over
from doorward.app.signin.session import is_signed_out
from doorward.authn.console_session import ConsoleSession, WayIn, begins_with_old_password
from doorward.authn.sealing import NONCE_BYTES, seal_text, unseal_text
from doorward.authn.sessions import packed, unpacked
from doorward.store.marks import Mark

if TYPE_CHECKING:
    from doorward.app.house import House

SAME_DEVICE = "arn:aws:signin:::devtools/same-device"
CROSS_DEVICE = "arn:aws:signin:::devtools/cross-device"
PUBLIC_CLIENTS = {SAME_DEVICE: "localhost", CROSS_DEVICE: "remote"}
"""AWS's client ids, and what the resource `oauth2/public-client/...` calls them."""

CODE_LIFE = timedelta(minutes=5)
GRACE_S = 60
"""AWS: a refresh token may be used again for a while. Two processes of a user share its file."""
_CODE, _REFRESH = "login-code", "login-refresh"
_WHOLE = 0
T = TypeVar("T")


class Denial(StrEnum):
    """AWS's words for why there is no token."""

    CODE = "AUTHCODE_EXPIRED"
    TOKEN = "TOKEN_EXPIRED"  # noqa: S105 - no token, the word
    CREDENTIALS = "USER_CREDENTIALS_CHANGED"
    PERMISSIONS = "INSUFFICIENT_PERMISSIONS"


class Login(msgspec.Struct, frozen=True, array_like=True):
    """One `aws login`: who let it happen, in what sign-in, for which client.

    A code may have 512 characters in the model, so what can be short is.

    Attributes:
        number: A UUID.
        remote: For another machine.
        sign_in: Id of the browser's session.
        identity: Who signed in, packed.
        role: The role they had switched to, packed.
    """

    number: bytes
    remote: bool
    sign_in: str
    way: WayIn
    identity: bytes
    role: bytes | None

    @property
    def id(self) -> str:
        """The number as UUIDs are written."""
        return str(UUID(bytes=self.number))

    @property
    def client(self) -> str:
        """AWS's id of the client."""
        return CROSS_DEVICE if self.remote else SAME_DEVICE

    @property
    def console(self) -> ConsoleSession:
        """The browser's session, as it was then; without what only its pages need."""
        role = unpacked(self.role) if self.role is not None else None
        return ConsoleSession(self.sign_in, 0, "", self.way, unpacked(self.identity), role)

    @property
    def session(self) -> Session:
        """What its credentials are made from."""
        return self.console.in_force

    @property
    def arn(self) -> str:
        """The value of aws:SignInSessionArn."""
        return f"arn:aws:signin:us-east-1:{self.session.account}:session/{self.id}"


class Code(msgspec.Struct, frozen=True, array_like=True):
    """Exchanged once, by whoever made the request it answers.

    Attributes:
        binding: Of client, address and challenge; see `binding_of`.
    """

    until: datetime
    binding: bytes
    login: Login


class Refresh(msgspec.Struct, frozen=True, array_like=True):
    """Exchanged for the next one, by whoever has the key.

    Attributes:
        number: How many came before it.
        thumbprint: Of the key the login began with.
    """

    number: int
    thumbprint: str
    login: Login


def new_login(client: str, console: ConsoleSession) -> Login:
    """A login from a browser's session."""
    role = packed(console.role) if console.role else None
    identity = packed(console.identity)
    return Login(uuid4().bytes, client == CROSS_DEVICE, console.id, console.way, identity, role)


def binding_of(client: str, redirect_uri: str, challenge: str) -> bytes:
    """What a code is bound to."""
    return sha256(f"{client}\0{redirect_uri}\0{challenge}".encode()).digest()


def seal_code(house: "House", code: Code) -> str:
    """The code as it goes through the browser."""
    return _sealed(house, _CODE, code)


def open_code(house: "House", text: str) -> Code | None:
    """A code of ours; whether it still counts is for others to ask."""
    return _opened(house, _CODE, text, Code)


def seal_refresh(house: "House", token: Refresh) -> str:
    """The refresh token as the client keeps it."""
    return _sealed(house, _REFRESH, token)


def open_refresh(house: "House", text: str) -> Refresh | None:
    """A refresh token of ours; whether it still counts is for others to ask."""
    return _opened(house, _REFRESH, text, Refresh)


async def use_code(house: "House", login: Login) -> bool:
    """Use the login's code up. A second use ends the login: one of the two stole it.

    Source: RFC 6749, section 4.1.2.
    """
    if await house.tallies.first(_mark(login, f"login-code/{login.id}", 0)):
        return True
    await end(house, login)
    return False


async def use_refresh(house: "House", token: Refresh, now: datetime) -> bool:
    """Use a refresh token up; within a moment of its first use it may be used again."""
    place, moment = f"login-refresh/{token.login.id}/{token.number}", int(now.timestamp())
    await house.tallies.counts([_mark(token.login, place, moment, most=1 << 30)])
    first = min(await asyncio.to_thread(house.store.tallied, place))
    if moment - first <= GRACE_S:
        return True
    await end(house, token.login)
    return False


async def end(house: "House", login: Login) -> None:
    """None of the login's tokens is worth anything any more."""
    await house.tallies.counts([_mark(login, _over(login), _WHOLE, most=1 << 30)])


async def denial_of(house: "House", login: Login, now: datetime) -> Denial | None:
    """Why there are no more credentials for this login; None: there are."""
    console, session = login.console, login.session
    if console.is_expired(now) or session.is_expired(now):
        return Denial.TOKEN
    if await is_signed_out(house, console.id):
        return Denial.TOKEN
    if await asyncio.to_thread(house.store.tallied, _over(login)):
        return Denial.TOKEN
    for each in (console.identity, session):
        await house.accounts.fetch(each.account)
        live = house.accounts.get(each.account)
        if live is None or is_over(live.account, each):
            return Denial.TOKEN
    own = house.accounts.get(console.identity.account)
    if own is None or begins_with_old_password(own.account, console):
        return Denial.CREDENTIALS
    return None


def is_loopback_callback(address: str) -> bool:
    """The callback of a CLI on this machine, as the CLI spells it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    hosts = ("127.0.0.1", "localhost", "[::1]")
    return port is not None and address in {
        f"http://{host}:{port}/oauth/callback" for host in hosts
    }


def _sealed(house: "House", kind: str, value: Code | Refresh) -> str:
    ring = house.pipeline.identity.ring
    return seal_text(kind, msgspec.msgpack.encode(value), ring, secrets.token_bytes(NONCE_BYTES))


def _opened(house: "House", kind: str, text: str, form: type[T]) -> T | None:
    payload = unseal_text(kind, text, house.pipeline.identity.ring)
    if payload is None:
        return None
    try:
        return msgspec.msgpack.decode(payload, type=form)
    except msgspec.DecodeError:
        return None


def _over(login: Login) -> str:
    return f"login-over/{login.id}"


def _mark(login: Login, place: str, moment: int, most: int = 1) -> Mark:
    # One more minute for nodes whose clocks differ.
    until_ms = int(login.console.identity.expires_at.timestamp() * 1000) + 60_000
    return Mark(place, moment, until_ms, most)
