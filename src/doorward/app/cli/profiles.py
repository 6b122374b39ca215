"""The AWS configuration files a data directory carries, `DATA/aws/{config,credentials}`."""

import configparser
import os
from dataclasses import dataclass
from pathlib import Path

REGION = "us-east-1"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Profile:
    """Where an endpoint is and the key to it.

    Attributes:
        endpoint: `http://127.0.0.1:4599`.
        key: Access key id and secret; None where none is known.
        authority: The file of the authority that signed the endpoint's certificate.
    """

    endpoint: str
    key: tuple[str, str] | None = None
    authority: str | None = None
    region: str = REGION

    def exports(self) -> dict[str, str]:
        """The environment that points AWS clients there."""
        found = {"AWS_ENDPOINT_URL": self.endpoint}
        if self.key:
            found |= {"AWS_ACCESS_KEY_ID": self.key[0], "AWS_SECRET_ACCESS_KEY": self.key[1]}
        if self.authority:
            found["AWS_CA_BUNDLE"] = self.authority
        return found | {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}


def write_profile(directory: Path, profile: Profile, name: str = DEFAULT) -> None:
    """Write a profile; without a key, the one already there stays.

    Args:
        directory: Holds `config` and `credentials`; made if need be.
        profile: What to say.
        name: `default`, or an account id.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _put(directory / "config", section_of(name), settings_of(profile))
    if profile.key:
        _put(directory / "credentials", name, credentials_of(profile.key))


def replace_key(directory: Path, key: tuple[str, str], name: str = DEFAULT) -> None:
    """Give a profile another key; where there is no such profile, nothing is written."""
    if read_profile(directory, name):
        _put(directory / "credentials", name, credentials_of(key))


def settings_of(profile: Profile) -> dict[str, str]:
    """What `config` says of a profile."""
    settings = {"region": profile.region, "endpoint_url": profile.endpoint}
    return settings | ({"ca_bundle": profile.authority} if profile.authority else {})


def credentials_of(key: tuple[str, str]) -> dict[str, str]:
    """What `credentials` says of a profile."""
    return {"aws_access_key_id": key[0], "aws_secret_access_key": key[1]}


def read_profile(directory: Path, name: str = DEFAULT) -> Profile | None:
    """The profile of that name, None when no endpoint is written down."""
    settings = _section(directory / "config", section_of(name))
    pair = _section(directory / "credentials", name)
    if "endpoint_url" not in settings:
        return None
    key = pair.get("aws_access_key_id"), pair.get("aws_secret_access_key")
    return Profile(
        settings["endpoint_url"],
        (key[0], key[1]) if key[0] and key[1] else None,
        settings.get("ca_bundle"),
        settings.get("region", REGION),
    )


def section_of(name: str) -> str:
    """How `config` names the section of a profile."""
    return name if name == DEFAULT else f"profile {name}"


def _section(file: Path, name: str) -> dict[str, str]:
    parser = _parser(file)
    return dict(parser.items(name)) if parser.has_section(name) else {}


def _put(file: Path, section: str, values: dict[str, str]) -> None:
    parser = _parser(file)
    parser.remove_section(section)
    parser.add_section(section)
    for name, value in values.items():
        parser.set(section, name, value)
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as writer:
        parser.write(writer)
    fresh.replace(file)


def _parser(file: Path) -> configparser.ConfigParser:
    # `default` is an ordinary section to AWS; configparser's own default must be another word.
    parser = configparser.ConfigParser(default_section="\0", interpolation=None)
    parser.read(file)
    return parser
