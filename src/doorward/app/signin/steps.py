"""What a sign-in has proven so far, sealed, between one answer of the browser and the next."""

import asyncio
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from doorward.app.identify import is_over
from doorward.app.live import Live
from doorward.app.signin.door import Refused
from doorward.app.signin.holder import Holder, holder_of, kept_password, print_of, session_of
from doorward.authn.webauthn import CHALLENGE_BYTES
from doorward.store.marks import Mark

if TYPE_CHECKING:
    from doorward.app.house import House

_KIND = "sign-in-step"


class Need(StrEnum):
    """What a sign-in waits for."""

    MFA = "mfa"
    PASSWORD = "password"  # noqa: S105 - no password, the word
    ENROL = "enrol"


PATIENCE = {
    Need.MFA: timedelta(minutes=5),
    Need.PASSWORD: timedelta(minutes=10),
    Need.ENROL: timedelta(minutes=15),
}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A right password, and what came after it.

    Attributes:
        id: Of the sign-in, and of the session it may become.
        holder: The user's unique id, the account's for root.
        credential: What wrong tries count against.
        password: The print of the record it matched; another one ends the sign-in.
        began: When it matched.
        expires: Of the step it waits in.
        challenge: For a security key, base64url; single use.
        mfa: The device shown and when, if one was.
        device: A virtual device made in this sign-in, not enabled yet.
    """

    id: str
    account: str
    holder: str
    credential: str
    password: str
    began: datetime
    need: Need = Need.MFA
    expires: datetime | None = None
    challenge: str = ""
    mfa: tuple[str, datetime] | None = None
    device: str | None = None


class Reached(NamedTuple):
    """A step that counts, and whose it is."""

    step: Step
    live: Live
    holder: Holder


def sealed(house: "House", step: Step) -> str:
    """The step as the browser keeps it."""
    return house.pipeline.desk.seal(_KIND, msgspec.json.encode(step).decode())


def waiting(step: Step, need: Need, now: datetime) -> Step:
    """The step, waiting for that from now on."""
    return msgspec.structs.replace(
        step, need=need, expires=now + PATIENCE[need], challenge=new_challenge()
    )


def new_challenge() -> str:
    """Fresh random bytes, base64url without padding."""
    return urlsafe_b64encode(secrets.token_bytes(CHALLENGE_BYTES)).decode().rstrip("=")


async def reached(house: "House", text: str, need: Need, now: datetime) -> Reached:
    """The step a browser brings back.

    Raises:
        Refused: not ours, not this one, too late, or overtaken by a change of the account.
    """
    step = _opened(house, text)
    if step is None or step.need is not need or step.expires is None or now >= step.expires:
        raise over()
    # The step before may have changed the account on another node, a moment ago.
    await catch_up(house, step.account)
    live = house.accounts.get(step.account)
    holder = holder_at(house, live, step) if live else None
    if live is None or holder is None:
        raise over()
    return Reached(step, live, holder)


async def catch_up(house: "House", account: str) -> None:
    """Read what other nodes changed in the account until now."""
    await house.accounts.fetch(account)
    known = house.accounts.revisions().get(account)
    if house.follower and known is not None:
        newer = await asyncio.to_thread(house.store.read, account, known)
        house.accounts.merge(account, *newer)


def holder_at(house: "House", live: Live, step: Step) -> Holder | None:
    """Whose step it is, unless the account has moved on: another password, revoked sessions."""
    holder = holder_of(live, step.holder)
    kept = kept_password(live, house.sealer, holder) if holder else None
    if holder is None or kept is None or print_of(kept) != step.password:
        return None
    began = session_of(holder, step.began, bytes(5), None)
    return None if is_over(live.account, began) else holder


async def first_to_open(house: "House", step: Step, now: datetime) -> bool:
    """One sign-in becomes one session."""
    until = now + max(PATIENCE.values()) * 2
    return await house.tallies.first(Mark(f"signed-in/{step.id}", 0, _ms(until)))


async def first_to_answer(house: "House", challenge: str, now: datetime) -> bool:
    """One challenge takes one answer."""
    until = now + max(PATIENCE.values()) * 2
    return await house.tallies.first(Mark(f"challenge/{challenge}", 0, _ms(until)))


def over() -> Refused:
    """Begin again."""
    return Refused(401, "StepOver", "This sign-in took too long or was overtaken. Begin again.")


def _opened(house: "House", text: str) -> Step | None:
    found = house.pipeline.desk.unseal(_KIND, text)
    return None if found is None else msgspec.json.decode(found, type=Step)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
