"""The first start: the account with its root user, and an administrator to begin with."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from doorward.account.account import Account
from doorward.account.model import AccessKey, Group, Profile, User
from doorward.app.live import Live
from doorward.app.seed import Seed
from doorward.app.vault import AccountVault
from doorward.authn.key_ids import access_key_id, secret_access_key, unique_id
from doorward.store.sealed import Sealer
from doorward.store.unit import Store, Unit

ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"


class KeyPair(NamedTuple):
    """A new access key with its secret, shown once."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the first start prints and never again."""

    account: str
    root_email: str
    root_password: str | None
    admin: KeyPair | None


def new_account_id() -> str:
    """Twelve random digits, the first not zero."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


def new_key(account_id: str) -> KeyPair:
    """A fresh key of an account."""
    return KeyPair(
        access_key_id("AKIA", account_id, secrets.token_bytes(16)),
        secret_access_key(secrets.token_bytes(30)),
    )


def empty_account(account_id: str, email: str, now: datetime) -> Account:
    """An account with its root user and nothing else."""
    return Account.of(account_id, []).put(Profile(id=account_id, email=email, created=now))


def with_administrator(live: Live, sealer: Sealer, now: datetime) -> tuple[Live, KeyPair]:
    """Add the group Administrators and the user `admin` in it, with one access key."""
    pair = new_key(live.account.id)
    vault = AccountVault(live, sealer)
    vault.put(f"access-key/{pair.access_key_id}", pair.secret_access_key.encode())
    group = Group(
        name="Administrators",
        group_id=unique_id("AGPA", secrets.token_bytes(16)),
        created=now,
        attached=(ADMINISTRATOR_ACCESS,),
    )
    admin = User(
        name="admin",
        user_id=unique_id("AIDA", secrets.token_bytes(16)),
        created=now,
        groups=(group.name,),
        access_keys=(AccessKey(pair.access_key_id, now),),
    )
    account = live.account.put(group).put(admin)
    return Live(
        account,
        vault.live.secrets,
        live.activity,
        live.revision,
        vault.live.secrets_touched,
    ), pair


MAIN = "main-account"


def first_start(
    store: Store, sealer: Sealer, seed: Seed | None, account: str | None, now: datetime
) -> FirstStart | None:
    """Fill an empty store; None when it was filled before.

    Args:
        store: Several nodes may try at once; one wins, the others find it filled.
        sealer: For the administrator's key.
        seed: What to fill it with.
        account: The main account's id; the seed's or a random one when None.
        now: Aware UTC.

    Raises:
        SeedError: the seed is not the one this store was filled with.
    """
    if store.get_setting(MAIN) is not None:
        return None
    account_id = account or new_account_id()
    email = "root@doorward.invalid"
    live, pair = with_administrator(Live(empty_account(account_id, email, now)), sealer, now)
    store.commit([Unit(account_id, 0, live.rows())])
    store.put_setting(MAIN, account_id.encode(), None)
    return FirstStart(account_id, email, None, pair)
