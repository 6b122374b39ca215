"""What a store may answer instead of a result."""

from pathlib import Path


class StoreFailure(Exception):
    """The family: what the store could not do, in one sentence for the operator."""


class Conflict(StoreFailure):
    """Somebody moved the account's revision first; nothing of the commit was written."""

    def __init__(self, account: str, expected: int) -> None:
        super().__init__(f"Account {account} is no longer at revision {expected}.")
        self.account = account
        self.expected = expected


class StoreUnavailable(StoreFailure):
    """The database cannot answer now; the next call tries again with a fresh connection.

    When a commit ends like this its outcome is unknown: read the revision before repeating it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store is not available: {reason}")
        self.reason = reason


class SchemaTooNew(StoreFailure):
    """A newer Doorward wrote this database; this one would misread it."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"The database has schema version {found}, this Doorward knows up to {known}: "
            "start the newer Doorward, or restore a backup made before the upgrade."
        )
        self.found = found
        self.known = known


class DirectoryLocked(StoreFailure):
    """Another process has the data directory."""

    def __init__(self, directory: Path, pid: int | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        super().__init__(
            f"{directory} is in use by {holder}: stop it first, or give another --data directory."
        )
        self.directory = directory
        self.pid = pid


class KeyMissing(StoreFailure):
    """The secrets are sealed and there is no key; `where` says where it was or should be."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"No master key from {where}: {reason}.")
        self.where = where
        self.reason = reason


class KeyWrong(StoreFailure):
    """There is a key, and it is not the one the secrets were sealed with, or is no key at all."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"The master key from {where} is not usable: {reason}.")
        self.where = where
        self.reason = reason


class KeyExposed(StoreFailure):
    """Others on this machine may read the key file."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            f"{path} has mode {mode:04o}, so others may read it: run `chmod 600 {path}`, "
            "and rotate the key if somebody may have."
        )
        self.path = path


class SealBroken(StoreFailure):
    """Sealed bytes that this place and these keys do not open: altered, moved, or foreign."""
