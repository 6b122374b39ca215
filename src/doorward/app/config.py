"""Settings: one table with type, default and meaning; unknown names are errors.

Sources, the later wins: the table, `DATA/doorward.toml`, `DOORWARD_<SECTION>_<NAME>`,
`up --set section.name=value`.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

from doorward.trail.alarms_built_in import SWITCHED

Value = str | int | bool
LONGEST_GRACE_DAYS = 35
MAIL_PROTECTIONS = ("starttls", "tls", "none")


class BadSetting(Exception):  # noqa: N818 - read aloud it is what it is
    """A setting that does not exist, or a value it cannot take."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Attributes:
        check: Raises ValueError for a text it cannot take.
        secret: Its value is shown to nobody.
    """

    name: str
    default: Value
    meaning: str
    check: Callable[[str], object] = str
    secret: bool = False


def words(text: str) -> list[str]:
    """The words of a comma-separated list."""
    return [word.strip() for word in text.split(",") if word.strip()]


def allow_or_deny(text: str) -> None:
    """Accept one of the two words."""
    if text not in {"allow", "deny"}:
        raise ValueError(f"expected allow or deny, got {text!r}")


def where_refused(text: str) -> None:
    """Accept one of the places where passwords are held against the list of breached ones."""
    if text not in {"off", "sign-in", "everywhere"}:
        raise ValueError(f"expected off, sign-in or everywhere, got {text!r}")


def networks(text: str) -> list[IPv4Network | IPv6Network]:
    """The networks of a comma-separated list; an address alone is a network of one."""
    return [ip_network(word, strict=False) for word in words(text)]


def public_address(text: str) -> None:
    """Scheme and authority by which people reach this Doorward, or nothing."""
    address = urlsplit(text)
    plain = address.scheme in {"http", "https"} and address.hostname and not address.username
    if text and (not plain or text != f"{address.scheme}://{address.netloc}"):
        raise ValueError("an address such as https://iam.example.com is wanted, without a path")


def buckets(text: str) -> list[str]:
    """The buckets of a comma-separated list; each becomes the name of a folder."""
    for name in words(text):
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]", name):
            raise ValueError(f"{name} is no name for a bucket")
    return words(text)


def protection(text: str) -> str:
    """A value of `mail.tls`."""
    if text not in MAIL_PROTECTIONS:
        raise ValueError(f"expected one of {', '.join(MAIL_PROTECTIONS)}")
    return text


def days_of_grace(text: str) -> None:
    """Accept what AWS grants root, or less."""
    if int(text) > LONGEST_GRACE_DAYS:
        raise ValueError(f"{LONGEST_GRACE_DAYS} at most, got {text}")


def built_in_alarms(text: str) -> None:
    """Accept the names of built-in alarms."""
    unknown = [word for word in words(text) if word not in SWITCHED]
    if unknown:
        raise ValueError(f"expected some of {', '.join(SWITCHED)}, got {unknown[0]!r}")


SETTINGS = (
    Setting("decision.explain_in_message", True, "AccessDenied says which statement decided"),
    Setting("trail.strict", False, "every answer waits until its record is stored"),
    Setting("trail.flush_ms", 200, "longest wait of a read's record in memory"),
    Setting("trail.retention_days", 90, "how long records are kept"),
    Setting("trail.directory", "", "folder of the buckets trails deliver to; empty = DATA/trail"),
    Setting("trail.buckets", "", "comma-separated buckets to make there at the start", buckets),
    Setting("trail.delivery_s", 300, "how often trails deliver"),
    Setting("trail.digest_s", 3600, "how long the span of one digest is"),
    Setting("trail.s3_endpoint", "", "S3-compatible server trails deliver to instead"),
    Setting("trail.s3_region", "us-east-1", "its region"),
    Setting("trail.s3_access_key_id", "", "key for it; empty = as AWS clients find one"),
    Setting("trail.s3_secret_access_key", "", "secret of that key", secret=True),
    Setting("signature.window_s", 0, "clock skew forgiven; 0 = AWS's own per service"),
    Setting("signature.strict_regions", False, "global services take us-east-1 alone"),
    Setting(
        "http.trusted_proxies",
        "",
        "comma-separated addresses whose X-Forwarded-* count",
        networks,
    ),
    Setting("http.allowed_hosts", "", "further names the unsigned endpoints answer to"),
    Setting(
        "http.public_url",
        "",
        "where links in mails lead; empty = where whoever caused the mail reached us",
        public_address,
    ),
    Setting("http.failures_per_minute", 300, "failed signatures per source and per key"),
    Setting("accounts.in_memory", 1000, "accounts kept in memory at most"),
    Setting("alarms.root_activity", True, "mail root's address when root does anything"),
    Setting(
        "alarms.built_in",
        ",".join(SWITCHED),
        "the other built-in alarms that mail root's address; see `doorward alarm list`",
        built_in_alarms,
    ),
    Setting("alarms.confirm_email", True, "addresses must agree before topics mail them"),
    Setting("password.memory_kib", 65536, "memory of one argon2id run over a password"),
    Setting("password.time_cost", 3, "its passes over that memory"),
    Setting(
        "password.refuse_breached",
        "sign-in",
        "where known passwords are refused: off, sign-in (and root's), everywhere",
        where_refused,
    ),
    Setting(
        "signin.root_mfa_grace_days",
        LONGEST_GRACE_DAYS,
        "how long after its first sign-in root may come in without MFA",
        days_of_grace,
    ),
    Setting("signin.require_mfa", False, "nobody comes in without MFA, users neither"),
    Setting("signin.device_bound_passkeys", False, "passkeys that can be synced are not taken"),
    Setting("root.access_keys", "deny", "allow = root may make itself access keys", allow_or_deny),
    Setting("mail.host", "", "server that takes mail; empty = no mail is sent"),
    Setting("mail.port", 587, "its port"),
    Setting("mail.tls", "starttls", "starttls, tls from the first byte, or none", protection),
    Setting("mail.user", "", "name to sign in to it with; empty = without"),
    Setting("mail.password", "", "password of that name", secret=True),
    Setting("mail.from", "", "address mail comes from; empty = doorward@ the server"),
    Setting("mail.timeout_s", 20, "how long a delivery may take"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_VARIABLES = {f"DOORWARD_{name.replace('.', '_').upper()}": name for name in _BY_NAME}
_SECTIONS = tuple({f"DOORWARD_{name.partition('.')[0].upper()}_" for name in _BY_NAME})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, and where each came from."""

    values: Mapping[str, Value]
    sources: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read_settings(
    file_text: str | None = None,
    environment: Mapping[str, str] | None = None,
    arguments: Iterable[str] = (),
) -> Settings:
    """Merge the sources.

    Args:
        file_text: TOML with one table a section.
        environment: The process's environment; names outside the sections are ignored.
        arguments: `section.name=value` each.

    Raises:
        BadSetting: an unknown name in any source, or a value of the wrong kind.
    """
    values: dict[str, Value] = {setting.name: setting.default for setting in SETTINGS}
    sources = dict.fromkeys(values, "default")
    for source, found in (
        ("doorward.toml", _of_file(file_text or "")),
        ("environment", _of_environment(environment or {})),
        ("--set", _of_arguments(arguments)),
    ):
        for name, value in found.items():
            values[name] = _typed(name, value)
            sources[name] = source
    return Settings(values, sources)


def _of_file(text: str) -> dict[str, Any]:
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"doorward.toml: {error}") from None
    found = {}
    for section, rows in sections.items():
        if not isinstance(rows, dict):
            raise BadSetting(f"doorward.toml: {section} stands outside a section")
        found.update({f"{section}.{name}": value for name, value in rows.items()})
    return found


def _of_environment(environment: Mapping[str, str]) -> dict[str, str]:
    ours = [variable for variable in environment if variable.startswith(_SECTIONS)]
    for variable in ours:
        if variable not in _VARIABLES:
            raise BadSetting(f"unknown setting {variable}; see `doorward status --settings`")
    return {_VARIABLES[variable]: environment[variable] for variable in ours}


def _of_arguments(arguments: Iterable[str]) -> dict[str, str]:
    found = {}
    for argument in arguments:
        name, sign, value = argument.partition("=")
        if not sign:
            raise BadSetting(f"--set {argument}: expected section.name=value")
        found[name] = value
    return found


def _typed(name: str, value: Any) -> Value:
    setting = _BY_NAME.get(name)
    if setting is None:
        raise BadSetting(f"unknown setting {name}; see `doorward status --settings`")
    if isinstance(setting.default, bool):
        return _boolean(name, value)
    if isinstance(setting.default, int):
        return _integer(setting, value)
    return _text(setting, value)


def _text(setting: Setting, value: Any) -> str:
    if not isinstance(value, str):
        got = "something else" if setting.secret else repr(value)
        raise BadSetting(f"{setting.name}: expected text, got {got}")
    try:
        setting.check(value)
    except ValueError as error:
        raise BadSetting(f"{setting.name}: {error}") from None
    return value


def _boolean(name: str, value: Any) -> bool:
    words = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
    found = words.get(str(value).lower())
    if found is None:
        raise BadSetting(f"{name}: expected on or off, got {value!r}")
    return found


def _integer(setting: Setting, value: Any) -> int:
    name = setting.name
    try:
        found = int(str(value))
    except ValueError:
        raise BadSetting(f"{name}: expected a whole number, got {value!r}") from None
    if found < 0:
        raise BadSetting(f"{name}: expected a number from 0 up, got {found}")
    try:
        setting.check(str(found))
    except ValueError as error:
        raise BadSetting(f"{name}: {error}") from None
    return found
