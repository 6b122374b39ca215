"""The first step: an e-mail address or an account and a name, and a password.

Whoever is not there costs what a wrong password costs: the same look-ups, one run of argon2, one
record, the same words.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from doorward.app.live import Live
from doorward.app.signin import records
from doorward.app.signin.door import Form, Handler, Refused, form_door
from doorward.app.signin.holder import Holder, holder_of, kept_password, print_of, root_of, user_of
from doorward.app.signin.progress import advance
from doorward.app.signin.steps import Step
from doorward.app.signin.tries import keep, take
from doorward.app.vault import AccountVault
from doorward.app.writer import Written
from doorward.authn.passwords import Cost, matches, outdated, upgraded
from doorward.authn.request import HttpRequest
from doorward.services.iam.passwords import cost_of, credential_of, password_place
from doorward.store.unit import RecordRow
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

_ID_BYTES = 16


class RootForm(Form, frozen=True):
    """Root is known by its e-mail address."""

    email: str
    password: str


class UserForm(Form, frozen=True):
    """A user, of an account known by its id or alias."""

    account: str
    user: str
    password: str


class Claim(NamedTuple):
    """Who somebody says to be.

    Attributes:
        credential: What a wrong password counts against, whether it exists or not.
        account: Its id, if there is such an account.
        holder: Whoever that is, if there is and has a password.
    """

    credential: str
    account: str | None
    live: Live | None
    holder: Holder | None


async def by_root(house: "House", request: HttpRequest, form: RootForm) -> HttpResponse:
    """Root's password."""
    account = await house.names.of_email(form.email)
    live = await _live(house, account)
    claim = Claim(form.email.lower(), account, live, root_of(live) if live else None)
    return await _answered(house, request, claim, form.password)


async def by_user(house: "House", request: HttpRequest, form: UserForm) -> HttpResponse:
    """A user's password."""
    account = await house.names.of_account(form.account)
    live = await _live(house, account)
    credential = credential_of(account or form.account.lower(), form.user)
    claim = Claim(credential, account, live, user_of(live, form.user) if live else None)
    return await _answered(house, request, claim, form.password)


async def _answered(
    house: "House", request: HttpRequest, claim: Claim, password: str
) -> HttpResponse:
    now = house.clock()
    tried = await take(house, request, claim.credential, now)
    noted = _note_attempt(house, claim, now)
    live, holder = claim.live, claim.holder
    kept = kept_password(live, house.sealer, holder) if live and holder else None
    right, better = await checked(house, kept, password)
    if noted:
        await noted
    if not right or holder is None or kept is None:
        await keep(house, _failed(house, request, claim, now))
        raise incorrect()
    if better:
        kept = await house.writer.write(
            holder.account.id, lambda live: _with_better(house, live, holder.id, kept, better)
        )
    step = Step(
        id=secrets.token_hex(_ID_BYTES),
        account=holder.account.id,
        holder=holder.id,
        credential=claim.credential,
        password=print_of(kept),
        began=now,
    )
    return await advance(house, request, step, tried, now)


async def _live(house: "House", account: str | None) -> Live | None:
    if account is None:
        return None
    await house.accounts.fetch(account)
    return house.accounts.get(account)


def incorrect() -> Refused:
    """Wrong, or not there: nobody is told which."""
    return Refused(
        401,
        "IncorrectCredentials",
        "Your authentication information is incorrect. Please try again.",
    )


async def checked(house: "House", kept: bytes | None, password: str) -> tuple[bool, bytes | None]:
    """Whether it is the password, and a record at today's cost where the one kept is older."""
    cost = cost_of(house.settings.values)
    async with house.hashing:
        return await asyncio.to_thread(_compared, kept, password, cost)


def _compared(kept: bytes | None, password: str, cost: Cost) -> tuple[bool, bytes | None]:
    right = matches(kept, password, cost)
    if right and kept is not None and outdated(kept, cost):
        return True, upgraded(kept, password, cost)
    return right, None


def _with_better(house: "House", live: Live, holder_id: str, kept: bytes, better: bytes) -> Written:
    """Keep the better record, unless the password was changed meanwhile."""
    holder = holder_of(live, holder_id)
    now_kept = kept_password(live, house.sealer, holder) if holder else None
    if now_kept != kept:
        return Written(live, kept, ())
    vault = AccountVault(live, house.sealer)
    vault.put(password_place(holder_id), better)
    return Written(vault.live, better, ())


def _note_attempt(house: "House", claim: Claim, now: datetime) -> asyncio.Task[None] | None:
    """Root's grace without MFA begins with the first attempt, right or wrong.

    It is stored while the password is compared, so that it makes no difference in time.
    """
    holder = claim.holder
    if holder is None or holder.user or holder.account.profile.root_first_attempt:
        return None
    writing = house.writer.write(holder.account.id, lambda live: _tried(live, now))
    return asyncio.create_task(writing)


def _tried(live: Live, now: datetime) -> Written:
    profile = live.account.profile
    if profile.root_first_attempt:
        return Written(live, None, ())
    account = live.account.put(replace(profile, root_first_attempt=now))
    return Written(replace(live, account=account), None, ())


def _failed(house: "House", request: HttpRequest, claim: Claim, now: datetime) -> RecordRow:
    if claim.holder:
        return records.not_logged_in(request, now, claim.holder, mfa_used=False)
    return records.unknown_not_logged_in(request, now, claim.account, house.main_account)


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/root"): form_door(RootForm, by_root),
    ("POST", "/signin/user"): form_door(UserForm, by_user),
}
