"""Buckets that are folders: each file appears under its name at once and whole, or not at all."""

import atexit
import errno
import logging
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock

import msgspec

from doorward.app.delivery.target import Fault, File, NotDelivered
from doorward.trail.digest import SIDE

log = logging.getLogger("doorward.delivery")
FOLDER_MODE, FILE_MODE = 0o700, 0o600
CODES = {errno.EACCES: "AccessDenied", errno.EPERM: "AccessDenied", errno.EROFS: "AccessDenied"}


class FolderTarget:
    """A folder with a folder for each bucket.

    Args:
        directory: None: one that goes with the process.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._lock = Lock()

    @property
    def directory(self) -> Path:
        """The folder of the buckets."""
        with self._lock:
            if self._directory is None:
                self._directory = Path(tempfile.mkdtemp(prefix="doorward-trail-"))
                atexit.register(shutil.rmtree, self._directory, ignore_errors=True)
            return self._directory

    def make(self, bucket: str) -> Path:
        """Make a bucket's folder, if it is not there."""
        place = self.directory / bucket
        # Not by mkdir's `parents`: these would be open to others.
        for each in reversed([place, *place.parents]):
            if not each.is_dir():
                each.mkdir(FOLDER_MODE, exist_ok=True)
        return place

    def fault(self, bucket: str) -> Fault:
        """What keeps files out of a bucket, if anything does."""
        place = self.directory / bucket
        if not place.is_dir():
            return "missing"
        if os.access(place, os.W_OK | os.X_OK):
            return ""
        log.warning("the folder %s cannot be written to", place)
        return "refused"

    def put(self, file: File) -> None:
        """Keep a file, and what S3 calls its metadata beside it.

        Raises:
            NotDelivered: it may or may not be there.
        """
        bucket = self.directory / file.bucket
        if not bucket.is_dir():
            raise NotDelivered("NoSuchBucket", f"there is no folder {bucket}")
        place = bucket / file.name
        if not place.resolve().is_relative_to(bucket.resolve()):
            raise NotDelivered("AccessDenied", f"{place} lies outside {bucket}")
        try:
            _make_folders(bucket, place.parent)
            if file.metadata:
                side = place.with_name(place.name + SIDE)
                _write(side, msgspec.json.encode(file.metadata))
            _write(place, file.data)
        except OSError as error:
            code = CODES.get(error.errno or 0, "InternalError")
            raise NotDelivered(code, f"{place}: {error.strerror}") from error


def _make_folders(bucket: Path, folder: Path) -> None:
    missing = []
    while folder != bucket and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(FOLDER_MODE, exist_ok=True)
        _sync_folder(each.parent)


def _write(place: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as writer:
            os.fchmod(writer.fileno(), FILE_MODE)
            writer.write(data)
            writer.flush()
            os.fsync(writer.fileno())
        Path(name).replace(place)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    # What a killed process left half written; another node at the same file tries again.
    for left in place.parent.glob(f".{place.name}.*.part"):
        left.unlink(missing_ok=True)
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
