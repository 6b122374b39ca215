"""Opening sealed state, and moving it to a new master key while everything runs."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress

from doorward.store.errors import Conflict, KeyMissing, KeyWrong, SealBroken
from doorward.store.key_sources import FileKeys, today
from doorward.store.sealed import KeySource, Sealer, row_place, setting_place
from doorward.store.unit import Row, Store, Unit

SECRET = "secret"  # noqa: S105 - the kind of rows whose body is sealed
CHECK = "master-key-check"
KNOWN = b"doorward"
AT_ONCE = 500


def open_sealer(store: Store, source: KeySource) -> Sealer:
    """Return a sealer whose key is the one this store's secrets were sealed with.

    The first start makes the key if it may, and leaves a value sealed with it as the check.

    Raises:
        KeyMissing: no key, and the secrets need one; says where the key was.
        KeyWrong: another key, or none at all in what was found.
        KeyExposed: others may read the key file.
    """
    kept = store.get_setting(CHECK)
    if kept is None:
        kept = _first(store, source)
    check = json.loads(kept)
    was = f"the secrets here were sealed with the key from {check['where']}"
    try:
        sealer = Sealer(source.load(), source)
        sealer.unseal(b64decode(check["sealed"]), setting_place(CHECK))
    except KeyMissing as error:
        raise KeyMissing(source.where, f"{error.reason}; {was}") from error
    except SealBroken as error:
        raise KeyWrong(source.where, f"it is another one; {was}") from error
    return sealer


def _first(store: Store, source: KeySource) -> bytes:
    # INVARIANT: no key is made for a store with accounts: their secrets have a key somewhere.
    if isinstance(source, FileKeys) and not store.accounts():
        source.create()
    check = _check(Sealer(source.load(), source))
    store.put_setting(CHECK, check, None)
    return store.get_setting(CHECK) or check


def _check(sealer: Sealer) -> bytes:
    sealed = sealer.seal(KNOWN, setting_place(CHECK))
    where = sealer.source.where if sealer.source else "memory"
    return json.dumps({"where": where, "sealed": b64encode(sealed).decode()}).encode()


def rotate(store: Store, sealer: Sealer, settings: Sequence[str] = ()) -> int:
    """Seal everything under a new key, account by account; return how many values moved.

    Old and new key open throughout, so nobody notices. A rotation that was cut short is taken up
    where it stopped. Rows are those of kind "secret"; a key of a file source is made here, any
    other source must already give the new key as current.

    Args:
        store: Other writers may be at work.
        sealer: Takes up the new key.
        settings: Names of the settings whose whole value is sealed.
    """
    _begin(sealer)
    total = 0
    # Whoever still had the old key a moment ago may have written with it: go round until still.
    while moved := _reseal_all(store, sealer, settings):
        total += moved
    store.put_setting(CHECK, _check(sealer), store.get_setting(CHECK))
    _end(sealer)
    return total


def _begin(sealer: Sealer) -> None:
    keys = sealer.source.load() if sealer.source else sealer.keys
    if isinstance(sealer.source, FileKeys) and not keys.is_rotating:
        keys = keys.with_fresh(today())
        sealer.source.save(keys)
    elif sealer.source is None:
        keys = keys.with_fresh(today())
    sealer.adopt(keys)


def _end(sealer: Sealer) -> None:
    keys = sealer.keys.with_others_retired()
    if isinstance(sealer.source, FileKeys):
        sealer.source.save(keys)
    sealer.adopt(keys)


def _reseal_all(store: Store, sealer: Sealer, settings: Sequence[str]) -> int:
    rows = sum(_reseal_account(store, sealer, account) for account in store.accounts())
    return rows + sum(_reseal_setting(store, sealer, name) for name in settings)


def _reseal_account(store: Store, sealer: Sealer, account: str) -> int:
    total = 0
    while True:
        revision, rows = store.read(account)
        stale = [row for row in rows if row.kind == SECRET and not _is_done(sealer, row)]
        if not stale:
            return total
        fresh = tuple(_resealed(sealer, account, row) for row in stale[:AT_ONCE])
        with suppress(Conflict):  # somebody wrote in between: read again
            store.commit([Unit(account, revision, fresh)])
            total += len(fresh)


def _is_done(sealer: Sealer, row: Row) -> bool:
    return row.body is None or sealer.is_current(row.body)


def _resealed(sealer: Sealer, account: str, row: Row) -> Row:
    place = row_place(account, row.kind, row.key)
    try:
        plain = sealer.unseal(row.body or b"", place)
    except SealBroken as error:
        raise SealBroken(f"Secret {row.key} of account {account}: {error}") from error
    return row._replace(body=sealer.seal(plain, place))


def _reseal_setting(store: Store, sealer: Sealer, name: str) -> int:
    value = store.get_setting(name)
    if value is None or sealer.is_current(value):
        return 0
    place = setting_place(name)
    return int(store.put_setting(name, sealer.seal(sealer.unseal(value, place), place), value))
