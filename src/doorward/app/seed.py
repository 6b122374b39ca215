"""What a first start can be filled with: a YAML file, read and checked in full before use."""

import re
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from doorward.app.seed_form import AccountPart, SeedForm
from doorward.app.seed_yaml import BadYaml, Lines, Path, read_yaml
from doorward.catalog.quotas import SUMMARY_QUOTAS

_WHERE = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `(.+?)`")


class SeedError(Exception):
    """A seed that cannot be used: where and why.

    Attributes:
        path: Where in the file, as in `users[0].inline`.
        line: From 1; 0 when the place is not known.
        reason: One clause.
    """

    def __init__(self, reason: str, *, path: str = "", line: int = 0) -> None:
        where = f"line {line}" if line else ""
        where = ", ".join(part for part in (where, path) if part)
        super().__init__(f"{where}: {reason}" if where else reason)
        self.reason = reason
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed file that has its form.

    Attributes:
        lines: Path -> line, for errors found later.
    """

    form: SeedForm
    lines: Lines

    @property
    def digest(self) -> bytes:
        """The same for two files that say the same, whatever their comments and order."""
        return sha256(msgspec.json.encode(self.form, order="deterministic")).digest()

    def error(self, path: Path, reason: str) -> SeedError:
        """The fault at that place of the file."""
        return _error(self.lines, path, reason)


def read_seed(text: str) -> Seed:
    """Read a seed file.

    Raises:
        SeedError: no YAML, an unknown or missing field, a value of another kind, two accounts of
            one id, a quota nobody knows.
    """
    try:
        value, lines = read_yaml(text)
    except BadYaml as error:
        raise SeedError(error.reason, line=error.line) from None
    value = {} if value is None else value
    if isinstance(value, dict) and "organization" in value:
        raise _error(lines, ("organization",), "comes with Organizations, which is not served yet")
    try:
        # Lax, because every scalar of the file is still text.
        form = msgspec.convert(value, SeedForm, strict=False)
    except msgspec.ValidationError as error:
        raise _refused(str(error), lines) from None
    seed = Seed(form, lines)
    _refuse_quotas(seed, form, ())
    for index, part in enumerate(form.accounts):
        _refuse_quotas(seed, part, ("accounts", index))
    _refuse_same_accounts(seed)
    return seed


def _refused(message: str, lines: Lines) -> SeedError:
    found = _WHERE.search(message)
    reason = message[: found.start()] if found else message
    path: Path = ()
    # msgspec writes [...] for any entry of a mapping, which names no place further down.
    place = found["path"].partition("[...]")[0] if found else ""
    for name, index in _STEP.findall(place):
        path = (*path, int(index) if index else name)
    unknown = _UNKNOWN.search(reason)
    if unknown:
        path = (*path, unknown[1])
    return _error(lines, path, reason[:1].lower() + reason[1:])


def _error(lines: Lines, path: Path, reason: str) -> SeedError:
    line, known = 0, path
    while not line:
        line = lines.get(known, 0)
        if not known:
            break
        known = known[:-1]
    return SeedError(reason, path=shown(path), line=line)


def shown(path: Path) -> str:
    """A path as people write it: `users[0].inline.Read`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _refuse_quotas(seed: Seed, part: AccountPart, at: Path) -> None:
    known = {quota.name for quota in SUMMARY_QUOTAS}
    for name in part.quotas:
        if name not in known:
            raise seed.error((*at, "quotas", name), "no quota of GetAccountSummary")


def _refuse_same_accounts(seed: Seed) -> None:
    taken = {seed.form.account.id}
    for index, part in enumerate(seed.form.accounts):
        path: Path = ("accounts", index, "account", "id")
        if part.account.id is None:
            raise seed.error(path, "a further account needs its id")
        if part.account.id in taken:
            raise seed.error(path, "two accounts have this id")
        taken.add(part.account.id)
