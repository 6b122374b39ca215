"""A new password of one's own: the one a sign-in asks for, and one changed while signed in."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from doorward.account.session import Session
from doorward.app.live import Live
from doorward.app.signin import records
from doorward.app.signin.acting import call_of, posts_of, traced
from doorward.app.signin.door import (
    Form,
    Handler,
    form_door,
    not_signed_in,
    said,
    session_door,
)
from doorward.app.signin.first_step import checked, incorrect
from doorward.app.signin.holder import Holder, holder_of, kept_password, print_of, session_of
from doorward.app.signin.progress import advance
from doorward.app.signin.session import renewed
from doorward.app.signin.sessions import shown
from doorward.app.signin.step_up import credential, owner, refuse_stale_mfa
from doorward.app.signin.steps import Need, over, reached
from doorward.app.signin.tries import take, take_late
from doorward.app.writer import Written
from doorward.authn.console_session import ConsoleSession
from doorward.authn.key_ids import KEY_ID_BYTES
from doorward.authn.request import HttpRequest
from doorward.services.iam import root_notices
from doorward.services.iam.change_password import prepare
from doorward.services.iam.passwords import apply_root_change, prepare_root_change
from doorward.services.registry import operations
from doorward.wire.response import HttpResponse
from doorward.wire.validate import validate

if TYPE_CHECKING:
    from doorward.app.house import House


class AskedForm(Form, frozen=True):
    """The password just given, and the one to come."""

    step: str
    old_password: str
    new_password: str


class OwnForm(Form, frozen=True):
    """The same of whoever is signed in."""

    old_password: str
    new_password: str


async def asked_for(house: "House", request: HttpRequest, form: AskedForm) -> HttpResponse:
    """Change it, if the user may, and go on with the sign-in."""
    now = house.clock()
    at = await reached(house, form.step, Need.PASSWORD, now)
    session = session_of(at.holder, now, secrets.token_bytes(KEY_ID_BYTES), at.step.mfa)
    await _changed(house, request, session, form.old_password, form.new_password, now)
    live = house.accounts.get(at.step.account)
    holder = holder_of(live, at.step.holder) if live else None
    kept = kept_password(live, house.sealer, holder) if live and holder else None
    if kept is None:
        raise over()
    step = msgspec.structs.replace(at.step, password=print_of(kept))
    tried = await take_late(house, request, step.credential, now)
    return await advance(house, request, step, tried, now)


async def own(
    house: "House", request: HttpRequest, session: ConsoleSession, form: OwnForm
) -> HttpResponse:
    """Change one's own password; this session goes on, all others end."""
    now, holder = house.clock(), owner(house, session)
    refuse_stale_mfa(session, holder, now)
    if holder.user:
        await _changed(house, request, session.identity, form.old_password, form.new_password, now)
    else:
        await _root_changed(house, request, session, holder, form, now)
    newer = session.with_new_password(now)
    cookie = await renewed(house, request, session, newer, now)
    if cookie is None:
        raise not_signed_in()
    return said(shown(house, newer, now), cookie)


async def _changed(
    house: "House", request: HttpRequest, session: Session, old: str, new: str, now: datetime
) -> None:
    """IAM's ChangePassword by the user itself; here known passwords are refused as well."""
    params: dict[str, Any] = {"old_password": old, "new_password": new}
    trace = traced(house, request, session, now, "ChangePassword", params)
    assert trace.route is not None  # noqa: S101 - it was just given
    validate(trace.route, params)
    changing = operations("iam")["change_password"]
    trace.operation = replace(changing, prepare=partial(prepare, at_sign_in=True))
    await house.pipeline.perform(trace)


async def _root_changed(
    house: "House",
    request: HttpRequest,
    session: ConsoleSession,
    holder: Holder,
    form: OwnForm,
    now: datetime,
) -> None:
    """Root's own; IAM has no operation for it."""
    tried = await take(house, request, credential(holder), now)
    live = house.accounts.get(holder.account.id)
    kept = kept_password(live, house.sealer, holder) if live else None
    right, _ = await checked(house, kept, form.old_password)
    if not right or live is None:
        raise incorrect()
    await house.failures.passed_half(tried)
    call, _ = call_of(house, live, session.caller, now)
    async with house.hashing:
        prepared = await asyncio.to_thread(prepare_root_change, call, form.new_password)

    def job(live: Live) -> Written:
        call, vault = call_of(house, live, session.caller, now)
        apply_root_change(call, prepared)
        root_notices.password_set(call, "on the sign-in page")
        row = records.record(
            request, now, "PasswordUpdated", holder.account.id, records.inside(holder)
        )
        after = replace(vault.live, account=call.account)
        return Written(after, None, (row,), posts_of(house, call))

    await house.writer.write(holder.account.id, job)


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/signin/new-password"): form_door(AskedForm, asked_for),
    ("POST", "/signin/own-password"): session_door(OwnForm, own),
}
