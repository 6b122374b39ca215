"""Root comes back by mail: a link to its address sets a new password, once.

Whoever asks learns nothing: the answer is the same for every address, and is given before the
address is looked up. MFA is not touched: the new password alone does not get past it.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.app.config import words
from doorward.app.guard import LOCAL_HOSTS, host_name
from doorward.app.ids import time_ordered_id
from doorward.app.live import Live
from doorward.app.outbox import sealed_post
from doorward.app.sender import MAIL, NOBODYS
from doorward.app.signin.acting import call_of
from doorward.app.signin.door import Form, Handler, Refused, form_door, page_door, said
from doorward.app.signin.page import page
from doorward.app.signin.records import origin_of, record
from doorward.app.signin.tries import take
from doorward.app.writer import Written
from doorward.authn.request import HttpRequest
from doorward.services.iam import root_notices
from doorward.services.iam.passwords import (
    PreparedPassword,
    apply_root_change,
    prepare_root_change,
)
from doorward.store.errors import StoreUnavailable
from doorward.store.marks import Mark
from doorward.store.posts import Post
from doorward.store.unit import RecordRow
from doorward.trail import signin
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

log = logging.getLogger("doorward.signin")

LIFE = timedelta(minutes=15)
MAILS_PER_HOUR = 5
HOUR_S = 3600
REQUESTED, COMPLETED = "PasswordRecoveryRequested", "PasswordRecoveryCompleted"
PAGE = "/signin/recovery"
_KIND = "root-recovery"
_ANSWER = "If this is the address of a root user, a mail with a link is on its way to it."


class Wish(Form, frozen=True):
    """Whose password was forgotten."""

    email: str


class Completion(Form, frozen=True):
    """The token of the link, and the password to be."""

    token: str
    password: str


class Link(msgspec.Struct, frozen=True, array_like=True):
    """What the token of a link says.

    Attributes:
        changed: When the password it replaces was set; another one since then ends the link.
    """

    id: str
    account: str
    until: datetime
    changed: datetime | None


def recoverable(account: Account) -> bool:
    """Root of this account may come back by mail: the one place that says so."""
    return not account.profile.email.lower().endswith(NOBODYS)


async def request_recovery(house: "House", request: HttpRequest, form: Wish) -> HttpResponse:
    """Have a link mailed, if there is somebody to mail it to."""
    _refuse_local_name(house, request)
    await take(house, request, f"recovery/{form.email.lower()}", house.clock())
    # INVARIANT: nobody learns from the time it takes whether the address is root's.
    house.spawn(_quietly_mailed(house, request, form.email))
    return said({"message": _ANSWER}, status=202)


def _refuse_local_name(house: "House", request: HttpRequest) -> None:
    # INVARIANT: who reads the mail is elsewhere. A stranger who says `Host: localhost` must not
    # have it led to whatever listens on its reader's machine, nor use up the mails of the hour.
    told = house.settings["http.public_url"]
    named = words(house.settings["http.allowed_hosts"])
    if not told and named and host_name(request) in LOCAL_HOSTS:
        raise Refused(
            403, "LocalName", "Ask at a name of http.allowed_hosts: the link leads there."
        )


async def complete(house: "House", request: HttpRequest, form: Completion) -> HttpResponse:
    """Set the password, end root's sessions, and tell root by mail."""
    now = house.clock()
    link = _opened(house, form.token)
    live = await _live(house, link.account) if link else None
    email = live.account.profile.email.lower() if live else ""
    tried = await take(house, request, f"recovery-link/{email}", now)
    if link is None or live is None or now >= link.until or not _is_open(live, link):
        raise _no_such_link()
    prepared = await _prepared(house, live, form.password, now)
    if not await house.tallies.first(_used(link)):
        raise _no_such_link()
    await house.writer.write(link.account, lambda it: _completed(house, request, it, prepared, now))
    await house.failures.passed_half(tried)
    return said({"recovered": True})


async def show(_house: "House", _request: HttpRequest) -> HttpResponse:
    """The page a link leads to; its token stands behind the #, so no server's log has it."""
    body = (
        '<form><p><label>New password <input type="password" required maxlength="128"'
        ' autocomplete="new-password"></label></p><button>Set it</button></form><p id="said"></p>'
    )
    return page("A new password for root", body, script=_SCRIPT)


async def _quietly_mailed(house: "House", request: HttpRequest, email: str) -> None:
    try:
        await _mailed(house, request, email)
    except StoreUnavailable as error:
        log.error("a recovery was not mailed, the store does not answer: %s", error)  # noqa: TRY400
    except Exception:
        log.exception("a recovery was not mailed")


async def _mailed(house: "House", request: HttpRequest, email: str) -> None:
    now = house.clock()
    account_id = await house.names.of_email(email)
    live = await _live(house, account_id) if account_id else None
    if live is None or not recoverable(live.account):
        log.info("a recovery was asked for an address that no root user gets mail at")
        return
    hour = int(now.timestamp()) // HOUR_S
    until_ms = (hour + 2) * HOUR_S * 1000
    mark = Mark(f"recovery-mails/{live.account.id}", hour, until_ms, MAILS_PER_HOUR)
    (count,) = await house.tallies.counts([mark])
    if count > MAILS_PER_HOUR:
        log.warning("root of %s is not mailed again within this hour", live.account.id)
        return
    token = _sealed(house, live, now)
    post = _link_post(house, live.account, f"{_origin(house, request)}{PAGE}#{quote(token)}", now)
    row = _record(request, now, REQUESTED, live.account)
    await house.writer.write(live.account.id, lambda it: Written(it, None, (row,), (post,)))


async def _prepared(house: "House", live: Live, password: str, now: datetime) -> PreparedPassword:
    """A link that was opened with a password that will not do can be opened again."""
    call, _ = call_of(house, live, Caller.root(live.account.id), now)
    async with house.hashing:
        return await asyncio.to_thread(prepare_root_change, call, password)


def _completed(
    house: "House", request: HttpRequest, live: Live, prepared: PreparedPassword, now: datetime
) -> Written:
    """The change: a new password, no session of root's, a notice and a record."""
    call, vault = call_of(house, live, Caller.root(live.account.id), now)
    apply_root_change(call, prepared)
    call.update(replace(call.account.profile, root_revoked_before=now))
    root_notices.password_set(call, "through a link that was mailed to this address")
    due_ms = int(now.timestamp() * 1000)
    posts = [sealed_post(house.sealer, each.kind, each.body, due_ms) for each in call.messages]
    row = _record(request, now, COMPLETED, live.account)
    return Written(replace(vault.live, account=call.account), None, (row,), posts)


def _origin(house: "House", request: HttpRequest) -> str:
    """Where the link leads."""
    return house.settings["http.public_url"] or origin_of(request)


def _link_post(house: "House", account: Account, link: str, now: datetime) -> Post:
    text = (
        f"Somebody asked for a new password of the root user of account {account.id}.\n\n"
        f"If it was you, open this within {LIFE // timedelta(minutes=1)} minutes:\n\n{link}\n\n"
        "If it was not, do nothing: the password stays as it is.\n"
    )
    body = {"to": account.profile.email, "subject": "Doorward: Recover root", "text": text}
    return sealed_post(house.sealer, MAIL, body, int(now.timestamp() * 1000))


def _sealed(house: "House", live: Live, now: datetime) -> str:
    changed = live.account.profile.root_password_changed
    link = Link(time_ordered_id(now), live.account.id, now + LIFE, changed)
    return house.pipeline.desk.seal(_KIND, msgspec.json.encode(link).decode())


def _opened(house: "House", token: str) -> Link | None:
    text = house.pipeline.desk.unseal(_KIND, token)
    return msgspec.json.decode(text, type=Link) if text else None


def _is_open(live: Live, link: Link) -> bool:
    profile = live.account.profile
    return recoverable(live.account) and profile.root_password_changed == link.changed


def _used(link: Link) -> Mark:
    # One more minute for nodes whose clocks differ.
    return Mark(f"recovery-used/{link.id}", 0, int(link.until.timestamp() * 1000) + 60_000)


def _no_such_link() -> Refused:
    return Refused(400, "NoSuchLink", "This link is not valid, or not any more. Ask for another.")


def _record(request: HttpRequest, now: datetime, name: str, account: Account) -> RecordRow:
    alias = next(iter(account.profile.aliases), None)
    return record(request, now, name, account.id, signin.root(account.id, alias))


async def _live(house: "House", account_id: str) -> Live | None:
    await house.accounts.fetch(account_id)
    return house.accounts.get(account_id)


_SCRIPT = """
const said = document.getElementById('said');
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = await fetch('/signin/recovery/complete', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({
      token: decodeURIComponent(location.hash.slice(1)),
      password: document.querySelector('input').value,
    }),
  });
  const body = await answer.json();
  said.textContent = answer.ok ? 'The password is set. You can sign in now.' : body.message;
});
"""

HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", PAGE): form_door(Wish, request_recovery),
    ("GET", PAGE): page_door(show),
    ("POST", f"{PAGE}/complete"): form_door(Completion, complete),
}
