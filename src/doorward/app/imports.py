"""An export back into an empty store."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from doorward.account.accesses import ServiceAccess, packed
from doorward.account.account import KINDS
from doorward.account.activity import Use
from doorward.account.model import Profile, User
from doorward.app.bootstrap import claim
from doorward.app.exports import FORMAT, details_digest
from doorward.app.live import ACCESSES, ACTIVITY, SECRET, read_live
from doorward.app.locked_box import CannotUnlock, unlocked
from doorward.store.errors import Conflict
from doorward.store.sealed import Sealer, row_place
from doorward.store.unit import Row, Store, Unit

AccountId = Annotated[str, Meta(pattern=r"^[0-9]{12}$(?!\n)")]


class ImportRefused(Exception):  # noqa: N818 - what happened, read aloud
    """The file cannot be taken, or the store is not empty; says why."""


class Exact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    """The part of an account that is read."""

    details: str
    entities: dict[str, list[Any]]
    activity: dict[str, Use]
    accesses: dict[str, dict[str, ServiceAccess]] = {}


class Exported(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    """An export; accounts are looked into one by one."""

    format: str
    version: str
    created: str
    main_account: AccountId
    accounts: list[dict[str, Any]]
    secrets: dict[str, str] | None


class Imported(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        main: The main account.
        accounts: How many there are.
        secrets: How many secrets came along; 0 when they were left out.
        keys_without_secret: Access keys nobody can use any more.
    """

    main: str
    accounts: int
    secrets: int
    keys_without_secret: int


def imported(
    store: Store, sealer: Sealer, content: bytes, passphrase: str | None = None
) -> Imported:
    """Fill an empty store from an export, all or nothing.

    Raises:
        ImportRefused: no export, edited where it is not read, or the store is not empty.
    """
    try:
        export = msgspec.json.decode(content, type=Exported)
        if export.format != FORMAT:
            raise ImportRefused(f"format {export.format!r}; this Doorward reads {FORMAT}")
        secrets = _secrets(export, passphrase)
        units = [_unit(each, secrets, sealer) for each in export.accounts]
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ImportRefused(str(error)) from None
    _check_accounts(export, units, secrets)
    if store.accounts():
        raise ImportRefused("there are accounts already; an import fills an empty directory")
    claim(store, export.main_account)
    try:
        store.commit(units)
    except Conflict as error:
        raise ImportRefused(str(error)) from None
    return Imported(
        export.main_account,
        len(units),
        sum(map(len, secrets.values())),
        sum(_unusable(unit) for unit in units),
    )


def _check_accounts(
    export: Exported, units: list[Unit], secrets: Mapping[str, Mapping[str, str]]
) -> None:
    ids = [unit.account for unit in units]
    if len(set(ids)) < len(ids):
        raise ImportRefused("an account stands there twice")
    if export.main_account not in ids:
        raise ImportRefused(f"the main account {export.main_account} is not among the accounts")
    if not set(secrets) <= set(ids):
        raise ImportRefused("there are secrets of accounts that are not there")


def _secrets(export: Exported, passphrase: str | None) -> dict[str, dict[str, str]]:
    if export.secrets is None:
        if passphrase is not None:
            raise ImportRefused("the file has no secrets, so a passphrase opens nothing")
        return {}
    if passphrase is None:
        raise ImportRefused("the file has secrets under a passphrase: give --passphrase-file")
    try:
        opened = unlocked(export.secrets, passphrase, f"{FORMAT} {export.main_account}")
    except CannotUnlock as error:
        raise ImportRefused(f"the secrets do not open: {error}") from None
    return msgspec.json.decode(opened, type=dict[str, dict[str, str]])


def _unit(account: Mapping[str, Any], secrets: Mapping[str, Any], sealer: Sealer) -> Unit:
    account_id = msgspec.convert(account.get("AccountId"), AccountId)
    exact = msgspec.convert(account.get("Doorward"), Exact)
    if exact.details != details_digest(account):
        raise ImportRefused(
            f"account {account_id}: the lists beside `Doorward` were edited, and nothing reads "
            "them: edit the entities"
        )
    texts = {name: b64decode(text) for name, text in secrets.get(account_id, {}).items()}
    rows = [*_entities(account_id, exact)]
    rows += [Row(ACTIVITY, used, msgspec.json.encode(use)) for used, use in exact.activity.items()]
    rows += [Row(ACCESSES, who, packed(accesses)) for who, accesses in exact.accesses.items()]
    for name, text in texts.items():
        rows.append(Row(SECRET, name, sealer.seal(text, row_place(account_id, SECRET, name))))
    if len({(row.kind, row.key) for row in rows}) < len(rows):
        raise ImportRefused(f"account {account_id}: an entity stands there twice")
    return Unit(account_id, 0, tuple(rows))


def _entities(account_id: str, exact: Exact) -> Iterator[Row]:
    profiles = 0
    for kind, values in exact.entities.items():
        if kind not in KINDS:
            raise ImportRefused(f"account {account_id}: entities of the unknown kind {kind}")
        for value in values:
            entity: Any = msgspec.convert(value, KINDS[kind])
            if isinstance(entity, Profile):
                profiles += entity.id == account_id
            yield Row(kind, entity.key, msgspec.json.encode(entity))
    if profiles != 1:
        raise ImportRefused(f"account {account_id}: there must be one profile, its own")


def _unusable(unit: Unit) -> int:
    live = read_live(unit.account, 0, unit.rows)
    keys = [key for user in live.account.all(User) for key in user.access_keys]
    keys += live.account.profile.root_keys
    return sum(f"access-key/{key.id}" not in live.secrets for key in keys)
