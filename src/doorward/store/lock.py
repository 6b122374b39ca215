"""One process per data directory."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from doorward.store.errors import DirectoryLocked


class DirectoryLock:
    """Holds `DIRECTORY/lock` until released; the kernel releases it when the process dies."""

    def __init__(self, directory: Path) -> None:
        """Take the lock.

        Raises:
            DirectoryLocked: somebody has it; the file's content says who.
        """
        self._file: int | None = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _pid(self._file)
            self.release()
            raise DirectoryLocked(directory, pid) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next one in. The file stays: removing it would let two in at once."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def _pid(file: int) -> int | None:
    with suppress(ValueError):  # the holder has the lock but has not written its number yet
        return int(os.pread(file, 32, 0))
    return None
