"""What a data directory or a snapshot holds of an account; nothing is changed there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from doorward.account.account import Account
from doorward.app.cli import CommandError
from doorward.store.errors import StoreFailure
from doorward.store.sqlite import FILE
from doorward.store.unit import RecordRow, Store

MOST_RECORDS = 100_000
_GIVE = (
    "Give a data directory, or what `aws iam get-account-authorization-details` says, as a file."
)


def account_from(place: Path, account_id: str = "") -> Account:
    """The main account there, or another."""
    if not (place / FILE).exists():
        return _of_snapshot(place, account_id)
    from doorward.app.live import read_live

    with _opened(place, account_id) as (store, wanted):
        return read_live(wanted, *store.read(wanted)).account


def records_from(
    directory: Path, account_id: str, start_ms: int, end_ms: int
) -> Iterator[RecordRow]:
    """The records of a few seconds, newest first."""
    with _opened(directory, account_id) as (store, wanted):
        found = store.find_records(
            wanted,
            start_ms=start_ms,
            end_ms=end_ms,
            attribute=None,
            limit=MOST_RECORDS,
            before=None,
        )
    yield from (record for _, record in found)


@contextmanager
def _opened(directory: Path, account_id: str) -> Iterator[tuple[Store, str]]:
    """The store, also while a server has it, and the account that is meant."""
    from doorward.app.stopped import main_account
    from doorward.store import open_read_only

    if not (directory / FILE).exists():
        raise CommandError(f"there is no Doorward in {directory}", "Give its --data directory.")
    try:
        store = open_read_only(directory)
    except StoreFailure as error:
        raise CommandError(str(error), "Give the --data directory `doorward up` has.") from None
    try:
        wanted = account_id or main_account(store)
        if wanted not in store.accounts():
            raise CommandError(f"there is no account {wanted} in {directory}")
        yield store, wanted
    except StoreFailure as error:
        raise CommandError(str(error), "Give the --data directory `doorward up` has.") from None
    finally:
        store.close()


def _of_snapshot(place: Path, account_id: str) -> Account:
    """What GetAccountAuthorizationDetails answered: a file, or a directory with all its pages."""
    from doorward.account.snapshot import SnapshotError, read_authorization_details

    try:
        account = read_authorization_details(_pages(place))
    except OSError as error:
        raise CommandError(f"--from {place}: {error.strerror}", _GIVE) from None
    except SnapshotError as error:
        raise CommandError(f"--from {place}: {error}", _GIVE) from None
    if account_id and account_id != account.id:
        raise CommandError(f"{place} is of account {account.id}")
    return account


def _pages(place: Path) -> list[bytes]:
    files = sorted(place.glob("*.json")) if place.is_dir() else [place]
    if not files:
        raise CommandError(f"there is no Doorward in {place}, and no snapshot", _GIVE)
    return [file.read_bytes() for file in files]
