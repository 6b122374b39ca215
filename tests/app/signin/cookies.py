"""Cookies of people who are signed in, made without asking them anything."""

from doorward.app.signin.holder import root_of, session_of
from doorward.app.signin.session import COOKIE, new_console_session
from doorward.authn.console_session import WayIn, seal_console


def root_cookie(house):
    """The cookie of somebody who is signed in as root."""
    holder = root_of(house.house.accounts.get(house.account_id))
    session = session_of(holder, house.clock(), bytes(5), None)
    console = new_console_session(session, WayIn.PASSWORD)
    return COOKIE, seal_console(console, house.house.pipeline.identity.ring, bytes(12))
