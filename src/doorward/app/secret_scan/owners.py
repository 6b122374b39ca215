"""Whose key it is and whether it works: asked of a server, or read from a data directory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from doorward.account.model import Profile, User

ROOT = "root"


class Owner(NamedTuple):
    """Who has a key.

    Attributes:
        name: Of the user, or `root`.
        live: The key opens something now.
    """

    name: str
    live: bool


OwnerOf = Callable[[str], Owner | None]


def of_server(iam: Any) -> OwnerOf:
    """Ask over the AWS API; None for a key that is not of the caller's account."""

    def owner(key_id: str) -> Owner | None:
        from botocore.exceptions import ClientError

        try:
            name = iam.get_access_key_last_used(AccessKeyId=key_id).get("UserName")
        except ClientError as error:
            if _says_whose_it_is_not(error.response["Error"]):
                return None
            raise
        if name is None:
            return Owner(ROOT, live=True)
        listed = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        return Owner(name, live=_is_active(listed, key_id))

    return owner


def _says_whose_it_is_not(told: dict[str, str]) -> bool:
    # AWS: a key of nobody's is an AccessDenied too, but without the colon that a caller who may
    # not ask reads: "is not authorized to perform: iam:GetAccessKeyLastUsed".
    denied = told["Code"] == "AccessDenied" and "to perform:" not in told["Message"]
    return denied or told["Code"] == "NoSuchEntity"


def _is_active(listed: list[dict[str, Any]], key_id: str) -> bool:
    return any(key["AccessKeyId"] == key_id and key["Status"] == "Active" for key in listed)


def of_directory(directory: Path) -> OwnerOf:
    """Read a data directory, also while a server runs.

    Raises:
        StoreFailure: it cannot be read.
    """
    from doorward.app.live import read_live
    from doorward.store import open_read_only

    store = open_read_only(directory)
    try:
        accounts = [read_live(each, *store.read(each)).account for each in store.accounts()]
    finally:
        store.close()

    def owner(key_id: str) -> Owner | None:
        found = [each.by_id(key_id) for each in accounts]
        return next(
            (_owner(each, key_id) for each in found if isinstance(each, User | Profile)), None
        )

    return owner


def _owner(of: User | Profile, key_id: str) -> Owner:
    keys = of.access_keys if isinstance(of, User) else of.root_keys
    live = any(key.id == key_id and key.active for key in keys)
    return Owner(of.name if isinstance(of, User) else ROOT, live)
