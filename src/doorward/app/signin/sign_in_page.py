"""A plain page to sign in on, for whoever is sent here on the way to somewhere else.

It knows passwords and codes; passkeys, enrolment and new passwords are the console's.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from doorward.app.signin.door import Handler, page_door
from doorward.app.signin.page import page
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

PATH = "/console/sign-in"

_BODY = """
<form id="who">
<p><label>Account, alias or root's e-mail <input id="account" required autofocus></label></p>
<p><label>User (not for root) <input id="user" autocomplete="username"></label></p>
<p><label>Password <input id="password" type="password" required
 autocomplete="current-password"></label></p>
<button>Sign in</button></form>
<form id="mfa" hidden>
<p><label>MFA code <input id="code" inputmode="numeric" pattern="[0-9]{6}"
 autocomplete="one-time-code" required></label></p>
<button>Go on</button></form>
<p id="said" role="alert"></p>
"""

# INVARIANT: `next` leads to this origin and nowhere else, whatever an address says.
_SCRIPT = """
const by = (id) => document.getElementById(id);
let step = '';
const send = async (path, form) => {
  by('said').textContent = '';
  const answer = await fetch(path, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(form),
  });
  const body = await answer.json();
  if (!answer.ok) { by('said').textContent = body.message; return; }
  await go(body);
};
const go = async (body) => {
  step = body.step;
  if (body.next === 'done') {
    const wanted = new URLSearchParams(location.search).get('next') || '/console/';
    const next = new URL(wanted, location.origin);
    location.assign(next.origin === location.origin ? next.href : '/console/');
  } else if (body.next === 'mfa') {
    by('who').hidden = true;
    by('mfa').hidden = false;
    by('code').focus();
  } else if (body.next === 'enrol' && body.skip) {
    await send('/signin/enrol/skip', {step});
  } else {
    by('said').textContent = 'First choose a new password or set up MFA in the console.';
  }
};
by('who').addEventListener('submit', (event) => {
  event.preventDefault();
  const account = by('account').value.trim();
  const password = by('password').value;
  if (account.includes('@')) send('/signin/root', {email: account, password});
  else send('/signin/user', {account, user: by('user').value, password});
});
by('mfa').addEventListener('submit', (event) => {
  event.preventDefault();
  send('/signin/mfa', {step, code: by('code').value});
});
"""


async def show(_house: "House", _request: HttpRequest) -> HttpResponse:
    """The page; it leads to `next`."""
    return page("Sign in to Doorward", _BODY, script=_SCRIPT)


HANDLERS: Mapping[tuple[str, str], Handler] = {("GET", PATH): page_door(show)}
