"""The first start: the accounts with their root users, and an administrator to begin with."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from doorward.account.account import Account
from doorward.account.model import Profile
from doorward.app import passwords
from doorward.app.drafts import Drafts
from doorward.app.live import Live, read_live
from doorward.app.seed import Seed
from doorward.app.seed_fill import fill
from doorward.app.seed_form import AccountPart, SeedForm
from doorward.app.seed_yaml import Path
from doorward.app.vault import AccountVault
from doorward.services.iam.passwords import password_place
from doorward.store.errors import Conflict
from doorward.store.sealed import Sealer
from doorward.store.unit import Store, Unit

ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
ADMINISTRATORS = "Administrators"
ADMIN = "admin"
MAIN = "main-account"
SEED = "first-seed"
"""The name in the main account's vault of the digest of the seed it was filled with."""

Parts = Mapping[str, tuple[Path, AccountPart]]


class FirstStartRefused(Exception):  # noqa: N818 - what happened, read aloud
    """What was asked for is not what this store was filled with, or contradicts itself."""


class KeyPair(NamedTuple):
    """An access key with its secret, shown once."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the first start prints and never again.

    Attributes:
        root_password: None when the seed gave one.
        admin: None when the seed wants no administrator.
        further: Account id -> a key of it the seed gave, for the accounts beside the main one.
    """

    account: str
    root_email: str
    root_password: str | None
    admin: KeyPair | None
    further: Mapping[str, KeyPair] = field(default_factory=dict)


def first_start(
    store: Store, sealer: Sealer, seed: Seed | None, account: str | None, now: datetime
) -> FirstStart | None:
    """Fill an empty store; None when it was filled before, by us or just now by another node.

    Args:
        store: Several nodes may try at once; one wins, the others find it filled.
        sealer: For keys and passwords.
        seed: What to fill it with.
        account: The main account's id; the seed's or a random one when None.
        now: Aware UTC.

    Raises:
        FirstStartRefused: account or seed are not those this store was filled with.
        SeedError: the seed asks for what AWS would refuse.
    """
    asked = _asked_account(seed, account)
    main = claim(store, asked)
    if main in store.accounts():
        _refuse_other(store, sealer, main, asked, seed)
        return None
    first, lives = _filled(sealer, seed, main, now)
    # INVARIANT: all accounts in one commit. A start cut short before it leaves a claimed id and
    # nothing else, and the next start begins again with that id, or with the one it is given.
    try:
        store.commit([Unit(live.account.id, 0, live.rows()) for live in lives])
    except Conflict:
        _refuse_other(store, sealer, main, asked, seed)
        return None
    return first


def claim(store: Store, asked: str | None) -> str:
    """The main account's id: the one in the store, else the one asked for, else a random one."""
    while True:
        kept = store.get_setting(MAIN)
        main = kept.decode() if kept else None
        if main is not None and (asked in {None, main} or main in store.accounts()):
            return main
        store.put_setting(MAIN, (asked or _new_account_id()).encode(), kept)


def empty_live(account_id: str, email: str | None, now: datetime) -> Live:
    """An account with its root user and nothing else."""
    profile = Profile(
        id=account_id, email=email or f"root@{account_id}.doorward.invalid", created=now
    )
    return Live(Account.of(account_id, []).put(profile))


def restore_administrator(drafts: Drafts, account_id: str) -> list[str]:
    """See to it that `admin` exists and administers; say what had to be done for that."""
    done = []
    account = drafts.call(account_id).account
    group = account.group(ADMINISTRATORS)
    if group is None:
        drafts.run(account_id, "CreateGroup", group_name=ADMINISTRATORS)
        done.append(f"made the group {ADMINISTRATORS}")
    if group is None or ADMINISTRATOR_ACCESS not in group.attached:
        drafts.run(
            account_id,
            "AttachGroupPolicy",
            group_name=ADMINISTRATORS,
            policy_arn=ADMINISTRATOR_ACCESS,
        )
        done.append(f"attached AdministratorAccess to {ADMINISTRATORS}")
    user = account.user(ADMIN)
    if user is None:
        drafts.run(account_id, "CreateUser", user_name=ADMIN)
        done.append(f"made the user {ADMIN}")
    if user is None or (group.name if group else ADMINISTRATORS) not in user.groups:
        drafts.run(account_id, "AddUserToGroup", group_name=ADMINISTRATORS, user_name=ADMIN)
        done.append(f"put {ADMIN} into {ADMINISTRATORS}")
    return done


def new_key(drafts: Drafts, account_id: str, user_name: str) -> KeyPair:
    """A new access key of a user."""
    key = drafts.run(account_id, "CreateAccessKey", user_name=user_name)["AccessKey"]
    return KeyPair(key["AccessKeyId"], key["SecretAccessKey"])


def _asked_account(seed: Seed | None, account: str | None) -> str | None:
    seeded = seed.form.account.id if seed else None
    if account and seeded and account != seeded:
        raise FirstStartRefused(f"--account says {account}, the seed says {seeded}")
    return account or seeded


def _refuse_other(
    store: Store, sealer: Sealer, main: str, asked: str | None, seed: Seed | None
) -> None:
    if asked not in {None, main}:
        raise FirstStartRefused(f"this store has the main account {main}, not {asked}")
    if seed is None:
        return
    live = read_live(main, *store.read(main))
    if AccountVault(live, sealer).get(SEED) != seed.digest:
        raise FirstStartRefused("this store was filled otherwise; a seed fills an empty one")


def _filled(
    sealer: Sealer, seed: Seed | None, main: str, now: datetime
) -> tuple[FirstStart, list[Live]]:
    form = seed.form if seed else SeedForm()
    parts = _parts(form, main)
    drafts = Drafts(
        sealer,
        now,
        [empty_live(each, part.account.email, now) for each, (_, part) in parts.items()],
    )
    admin = None
    if form.admin:
        restore_administrator(drafts, main)
        admin = new_key(drafts, main, ADMIN)
    password = _give_root_passwords(drafts, parts, main)
    if seed:
        _refuse_same_emails(seed, parts)
        fill(drafts, seed, parts)
        drafts.call(main).vault.put(SEED, seed.digest)
    profile = drafts.call(main).account.profile
    first = FirstStart(main, profile.email, password, admin, _further(parts, main))
    return first, [drafts.live(account_id) for account_id in parts]


def _parts(form: SeedForm, main: str) -> Parts:
    further: dict[str, tuple[Path, AccountPart]] = {}
    for index, part in enumerate(form.accounts):
        if part.account.id == main:
            raise FirstStartRefused(f"the seed's further account {main} is the main one")
        further[part.account.id or ""] = (("accounts", index), part)
    return {main: ((), form), **further}


def _give_root_passwords(drafts: Drafts, parts: Parts, main: str) -> str | None:
    """Those of the seed; the main account gets one in any case. Returns the one made here."""
    made = None
    for account_id, (_, part) in parts.items():
        call = drafts.call(account_id)
        if part.account.password is not None:
            call.vault.put(password_place(call.account.id), passwords.hashed(part.account.password))
        elif account_id == main:
            made, kept = passwords.generated()
            call.vault.put(password_place(call.account.id), kept)
        else:
            call.update(replace(call.account.profile, root_has_password=False))
    return made


def _refuse_same_emails(seed: Seed, parts: Parts) -> None:
    taken = set()
    for at, part in parts.values():
        email = (part.account.email or "").lower()
        if email in taken:
            raise seed.error((*at, "account", "email"), "two root users have this address")
        taken |= {email} - {""}


def _further(parts: Parts, main: str) -> dict[str, KeyPair]:
    """The first key the seed gives a user of each further account."""
    found = {}
    for account_id, (_, part) in parts.items():
        keys = [key for user in part.users for key in user.access_keys]
        if keys and account_id != main:
            found[account_id] = KeyPair(keys[0].id, keys[0].secret)
    return found


def _new_account_id() -> str:
    """Twelve random digits, the first not zero."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)
