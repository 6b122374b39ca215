"""Challenges for the security keys of whoever is signed in: for one session, one purpose, once."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from doorward.app.signin.door import Refused
from doorward.app.signin.steps import first_to_answer, new_challenge
from doorward.authn.console_session import ConsoleSession
from doorward.authn.webauthn import PATIENCE_MS

if TYPE_CHECKING:
    from doorward.app.house import House

_PATIENCE = timedelta(milliseconds=PATIENCE_MS)


class Ticket(NamedTuple):
    """A challenge, and the text by which it is known when its answer comes."""

    challenge: str
    text: str


class _Kept(msgspec.Struct, frozen=True):
    session: str
    challenge: str
    expires: datetime


def issued(house: "House", purpose: str, session: ConsoleSession, now: datetime) -> Ticket:
    """A new challenge, good for five minutes."""
    kept = _Kept(session.id, new_challenge(), now + _PATIENCE)
    text = house.pipeline.desk.seal(purpose, msgspec.json.encode(kept).decode())
    return Ticket(kept.challenge, text)


async def redeemed(
    house: "House", purpose: str, session: ConsoleSession, text: str, now: datetime
) -> str:
    """The challenge of a ticket.

    Raises:
        Refused: not this session's, too late, or answered before.
    """
    found = house.pipeline.desk.unseal(purpose, text)
    kept = None if found is None else msgspec.json.decode(found, type=_Kept)
    if (
        kept is None
        or kept.session != session.id
        or now >= kept.expires
        or not await first_to_answer(house, kept.challenge, now)
    ):
        raise Refused(401, "TicketOver", "This took too long or was answered. Begin again.")
    return kept.challenge
