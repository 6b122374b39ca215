"""The account of a data directory or of a snapshot, as a value; nothing is changed there."""

from pathlib import Path

from doorward.account.account import Account
from doorward.app.cli import CommandError
from doorward.store.errors import StoreFailure
from doorward.store.sqlite import FILE


def account_from(place: Path, account_id: str = "") -> Account:
    """The main account there, or another."""
    if place.is_dir():
        return _of_directory(place, account_id)
    return _of_dump(place, account_id)


def _of_directory(directory: Path, account_id: str) -> Account:
    from doorward.app.live import read_live
    from doorward.app.stopped import main_account
    from doorward.store import open_read_only

    if not (directory / FILE).exists():
        raise CommandError(f"there is no Doorward in {directory}", "Give its --data directory.")
    try:
        store = open_read_only(directory)
        try:
            wanted = account_id or main_account(store)
            if wanted not in store.accounts():
                raise CommandError(f"there is no account {wanted} in {directory}")
            return read_live(wanted, *store.read(wanted)).account
        finally:
            store.close()
    except StoreFailure as error:
        raise CommandError(str(error), "Give the --data directory `doorward up` has.") from None


def _of_dump(file: Path, account_id: str) -> Account:
    from doorward.account.snapshot import read_authorization_details

    try:
        account = read_authorization_details([file.read_bytes()])
    except OSError as error:
        raise CommandError(
            f"--from {file}: {error.strerror}", "Give a data directory or a snapshot."
        ) from None
    if account_id and account_id != account.id:
        raise CommandError(f"{file} is of account {account.id}")
    return account
