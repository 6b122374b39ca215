"""Credentials of a user or a role for a test, whoever may hand them out."""

from datetime import datetime
from typing import NamedTuple

from doorward.account.model import Role, User
from doorward.account.session import SessionKind
from doorward.app.bootstrap import new_key
from doorward.app.drafts import Drafts
from doorward.app.house import House
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.app.writer import Written
from doorward.services.sts.credentials import new_session


class Keys(NamedTuple):
    """What a client signs with."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


async def keys_of_user(house: House, live: Live, user: User) -> Keys:
    """The user's first active key; a new one, where there is none.

    Raises:
        AwsError: the user has as many keys as may be, none of them active.
    """
    active = [key.id for key in user.access_keys if key.active]
    if active:
        secret = AccountVault(live, house.sealer).get(f"access-key/{active[0]}") or b""
        return Keys(active[0], secret.decode())
    now = house.clock()
    made: Keys = await house.writer.write(
        live.account.id, lambda current: _with_key(house, current, user.name, now)
    )
    return made


def _with_key(house: House, live: Live, user_name: str, now: datetime) -> Written:
    drafts = Drafts(house.sealer, now, [live])
    pair = new_key(drafts, live.account.id, user_name)
    return Written(drafts.live(live.account.id), Keys(*pair), ())


def keys_of_role(house: House, live: Live, role: Role, session_name: str) -> Keys:
    """A session of the role; its trust policy is not asked."""
    account = live.account
    session = new_session(
        Drafts(house.sealer, house.clock(), [live]).call(account.id),
        SessionKind.ROLE,
        account=account.id,
        entity_arn=account.arn(role),
        entity_id=role.role_id,
        name=session_name,
        duration_s=role.max_session_s,
    )
    token = house.pipeline.desk.seal_session(session)
    return Keys(session.access_key_id, session.secret_access_key, token)
