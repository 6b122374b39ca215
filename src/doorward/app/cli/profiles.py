"""The AWS configuration files a data directory carries, `DATA/aws/{config,credentials}`."""

import configparser
import os
from pathlib import Path

REGION = "us-east-1"


def write_profile(
    directory: Path, endpoint: str, key: tuple[str, str] | None, name: str = "default"
) -> None:
    """Write a profile: where the endpoint is, and the key if there is a new one.

    Args:
        directory: Holds `config` and `credentials`; made if need be.
        endpoint: `http://127.0.0.1:4599`.
        key: Access key id and secret; None leaves the ones already there.
        name: `default`, or the name of a further profile.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    section = name if name == "default" else f"profile {name}"
    _put(directory / "config", section, {"region": REGION, "endpoint_url": endpoint})
    if key:
        pair = {"aws_access_key_id": key[0], "aws_secret_access_key": key[1]}
        _put(directory / "credentials", name, pair)


def read_profile(directory: Path, name: str = "default") -> dict[str, str]:
    """Everything the two files say about a profile; empty when there is none."""
    section = name if name == "default" else f"profile {name}"
    found: dict[str, str] = {}
    for file, wanted in (("config", section), ("credentials", name)):
        parser = _parser(directory / file)
        if parser.has_section(wanted):
            found.update(parser.items(wanted))
    return found


def _put(file: Path, section: str, values: dict[str, str]) -> None:
    parser = _parser(file)
    if not parser.has_section(section):
        parser.add_section(section)
    for name, value in values.items():
        parser.set(section, name, value)
    fresh = file.with_name(f"{file.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as writer:
        parser.write(writer)
    fresh.replace(file)


def _parser(file: Path) -> configparser.ConfigParser:
    # `default` is an ordinary section to AWS; configparser's own default must be another word.
    parser = configparser.ConfigParser(default_section="\0", interpolation=None)
    parser.read(file)
    return parser
