"""Where master keys come from: a file, the environment, or a command.

The text of keys is either one key of 32 bytes as base64 or hexadecimal digits, or JSON lines, one
key each:

    {"key": "<base64>", "state": "current", "created": "2026-01-31"}

`state` is "current" (exactly one), "readable" (a rotation is under way) or "retired"; `created`
may be left out. Sources that Doorward cannot write are rotated by their owner: put the new key in
as "current" and the old one as "readable", then start the rotation on each node.
"""

import json
import os
import shlex
import stat
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkstemp
from typing import cast, get_args

from doorward.store.errors import KeyExposed, KeyMissing, KeyWrong
from doorward.store.sealed import KEY_BYTES, KeySource, MasterKey, MasterKeys, State

VARIABLE = "DOORWARD_MASTER_KEY"
COMMAND = "command:"
FILE = "master.key"
COMMAND_S = 30


def key_source(
    directory: Path, setting: str = "", environ: Mapping[str, str] = os.environ
) -> KeySource:
    """Choose: the setting (`command:...` or a path), the environment, `DIRECTORY/master.key`."""
    if setting.startswith(COMMAND):
        return CommandKeys(setting.removeprefix(COMMAND))
    if setting:
        return FileKeys(Path(setting))
    text = environ.get(VARIABLE, "")
    if text.startswith(COMMAND):
        return CommandKeys(text.removeprefix(COMMAND))
    return EnvironmentKeys(text) if text else FileKeys(directory / FILE)


@dataclass(frozen=True, slots=True)
class FileKeys:
    """Keys in a file that only its owner may read; made on first start."""

    path: Path

    @property
    def where(self) -> str:
        """The place, in words for the operator."""
        return f"the file {self.path}"

    def load(self) -> MasterKeys:
        """Read the keys."""
        try:
            with self.path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                text = file.read()
        except OSError as error:
            raise KeyMissing(self.where, error.strerror or "it cannot be read") from error
        if mode & 0o077:
            raise KeyExposed(self.path, mode)
        return parsed(text, self.where)

    def create(self) -> None:
        """Make the first key, unless somebody already did."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._written(MasterKeys.fresh(today())) as fresh, suppress(FileExistsError):
            # INVARIANT: a link never replaces, so a key that sealed anything is never lost.
            os.link(fresh, self.path)

    def save(self, keys: MasterKeys) -> None:
        """Replace the file in one step: a crash leaves the old keys or the new ones."""
        with self._written(keys) as fresh:
            fresh.replace(self.path)

    @contextmanager
    def _written(self, keys: MasterKeys) -> Iterator[Path]:
        opened, name = mkstemp(dir=self.path.parent, prefix=f"{self.path.name}.")  # mode 0600
        fresh = Path(name)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(rendered(keys))
                file.flush()
                os.fsync(file.fileno())
            yield fresh
        finally:
            fresh.unlink(missing_ok=True)
            _sync_directory(self.path.parent)


@dataclass(frozen=True, slots=True, repr=False)
class EnvironmentKeys:
    """Keys in the text of an environment variable."""

    text: str
    where = f"the environment variable {VARIABLE}"

    def load(self) -> MasterKeys:
        """Read the keys."""
        return parsed(self.text.encode(), self.where)


@dataclass(frozen=True, slots=True)
class CommandKeys:
    """Keys a command prints, such as a key service's decrypt; split like a shell, run without."""

    command: str

    @property
    def where(self) -> str:
        """The place, in words for the operator; arguments may be secret, so only the program."""
        return f"the command {self.command.split()[:1]}"

    def load(self) -> MasterKeys:
        """Run the command and read its standard output."""
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
                shlex.split(self.command), capture_output=True, timeout=COMMAND_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise KeyMissing(self.where, f"no answer in {COMMAND_S} s") from None
        except (OSError, ValueError, IndexError) as error:
            raise KeyMissing(self.where, str(error)) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()[-300:]
            raise KeyMissing(self.where, f"it ended with {done.returncode}: {said}")
        return parsed(done.stdout, self.where)


def parsed(text: bytes, where: str) -> MasterKeys:
    """Read the text of keys (see above).

    Raises:
        KeyWrong: it is not such a text; the reason never quotes it.
    """
    content = text.strip()
    try:
        if content.startswith(b"{"):
            return MasterKeys(tuple(_key(json.loads(line)) for line in content.splitlines()))
        return MasterKeys((MasterKey(_bytes(content.decode("ascii"))),))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyWrong(where, "it is neither 32 bytes in base64 or hex, nor JSON lines") from None


def rendered(keys: MasterKeys) -> bytes:
    """Write keys as JSON lines."""
    lines = (
        {"key": b64encode(key.key).decode(), "state": key.state, "created": key.created}
        for key in keys.keys
    )
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def today() -> str:
    """The date a key is made on, UTC."""
    return datetime.now(UTC).date().isoformat()


def _key(line: dict[str, str]) -> MasterKey:
    state = line.get("state", "current")
    if state not in get_args(State):
        raise ValueError(state)
    return MasterKey(_bytes(line["key"]), cast("State", state), line.get("created", ""))


def _bytes(text: str) -> bytes:
    if len(text) == 2 * KEY_BYTES:
        return bytes.fromhex(text)
    return b64decode(text, validate=True)


def _sync_directory(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
