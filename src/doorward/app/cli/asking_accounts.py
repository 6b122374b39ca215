"""What a data directory or a snapshot holds of an account; nothing is changed there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from doorward.account.account import Account
from doorward.app.cli import CommandError
from doorward.errors import PolicyError
from doorward.store.errors import StoreFailure
from doorward.store.sqlite import FILE
from doorward.store.unit import RecordRow, Store

MOST_RECORDS = 100_000


def account_from(place: Path, account_id: str = "") -> Account:
    """The main account there, or another."""
    if not place.is_dir():
        return _of_dump(place, account_id)
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


def _of_dump(file: Path, account_id: str) -> Account:
    from doorward.account.snapshot import read_authorization_details

    try:
        account: Account = read_authorization_details([file.read_bytes()])
    except OSError as error:
        raise CommandError(
            f"--from {file}: {error.strerror}", "Give a data directory or a snapshot."
        ) from None
    except PolicyError as error:
        raise CommandError(
            f"--from {file}: {error}", "Give what `aws iam get-account-authorization-details` says."
        ) from None
    if account_id and account_id != account.id:
        raise CommandError(f"{file} is of account {account.id}")
    return account
