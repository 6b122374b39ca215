"""Work on a data directory that no server has open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from doorward.app.bootstrap import MAIN
from doorward.app.control import ROTATE, ROTATED, SEALED_SETTINGS, Request
from doorward.app.live import read_live
from doorward.app.upkeep import Order, done, own_record
from doorward.store import open_read_only, open_store
from doorward.store.errors import StoreUnavailable
from doorward.store.key_sources import key_source
from doorward.store.rotation import open_sealer, rotate
from doorward.store.sealed import Sealer
from doorward.store.sqlite import FILE
from doorward.store.unit import Store, Unit


@contextmanager
def open_stopped(directory: Path, database: str | None = None) -> Iterator[tuple[Store, Sealer]]:
    """The store and its sealer, for writing.

    Raises:
        StoreFailure: there is none, a server has it, or its key is missing.
    """
    if database is None and not (directory / FILE).exists():
        raise StoreUnavailable(f"there is no Doorward in {directory}")
    with _closing(open_store(database or directory)) as store:
        yield store, open_sealer(store, key_source(directory))


@contextmanager
def open_reading(directory: Path, database: str | None = None) -> Iterator[tuple[Store, Sealer]]:
    """The store and its sealer, for reading, also while a server runs.

    Raises:
        StoreFailure: there is none, or its key is missing.
    """
    if database is None and not (directory / FILE).exists():
        raise StoreUnavailable(f"there is no Doorward in {directory}")
    with _closing(open_store(database) if database else open_read_only(directory)) as store:
        yield store, open_sealer(store, key_source(directory))


@contextmanager
def _closing(store: Store) -> Iterator[Store]:
    try:
        yield store
    finally:
        store.close()


def main_account(store: Store) -> str:
    """The account made by the first start.

    Raises:
        StoreUnavailable: the store was never filled.
    """
    kept = store.get_setting(MAIN)
    if kept is None or kept.decode() not in store.accounts():
        raise StoreUnavailable("this store was never filled")
    return kept.decode()


def do(store: Store, sealer: Sealer, request: Request, now: datetime) -> Any:
    """What `control.Control` would have done on a running house.

    Raises:
        AwsError: what it refused.
        LookupError: there is no such account.
    """
    account_id = request.account or main_account(store)
    if account_id not in store.accounts():
        raise LookupError(f"there is no account {account_id} here")
    if request.deed == ROTATE:
        return _rotated(store, sealer, request, account_id, now)
    live = read_live(account_id, *store.read(account_id))
    order = Order(request.deed, request.name, request.by, request.enclosed)
    written = done(order, live, sealer, now)
    if isinstance(written.answer, Exception):
        raise written.answer
    rows, records, posts = written.live.rows(), tuple(written.records), tuple(written.posts)
    store.commit([Unit(account_id, live.revision, rows, records, posts)])
    return written.answer


def _rotated(
    store: Store, sealer: Sealer, request: Request, account_id: str, now: datetime
) -> dict[str, Any]:
    moved = rotate(store, sealer, SEALED_SETTINGS)
    details = {"operatingSystemUser": request.by, "done": [f"sealed {moved} values anew"]}
    store.append([own_record(ROTATED, account_id, now, details)])
    return {"resealed": moved}
