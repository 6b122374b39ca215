"""`doorward profile write NAME`: a profile in the user's own AWS files, only when asked."""

import argparse
import os
from pathlib import Path

from doorward.app.cli import CommandError
from doorward.app.cli.places import answer, data_options


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `profile`."""
    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    write = actions.add_parser("write", help="into ~/.aws/config and ~/.aws/credentials")
    write.add_argument("name", metavar="NAME", help="of the profile")
    write.add_argument("--account", metavar="ID", help="another account of the seed")
    write.add_argument("--role-arn", metavar="ARN", help="a role this profile assumes")
    write.add_argument("--source-profile", metavar="NAME", help="whose keys assume it")
    write.add_argument("--mfa-serial", metavar="ARN", help="the device AWS clients ask a code of")
    write.add_argument("--region", help="of the profile [that of the data directory]")
    write.add_argument("--force", action="store_true", help="replace a profile of that name")
    data_options(write)


def run(args: argparse.Namespace) -> int:
    """Write it; everything else in the files stays as it is, comments too."""
    from doorward.app.cli.env import known_profile
    from doorward.app.cli.ini_text import has_section, valid_name, with_section
    from doorward.app.cli.profiles import credentials_of, section_of, settings_of

    if not valid_name(args.name):
        raise CommandError(f"{args.name!r} cannot name a profile", "Take letters, digits, - and _.")
    profile = known_profile(args)
    more = _of_role(args)
    config = _file("AWS_CONFIG_FILE", "config")
    credentials = _file("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    section = section_of(args.name)
    parts = [(config, section, settings_of(profile) | more)]
    if profile.key and not args.role_arn:
        parts.append((credentials, args.name, credentials_of(profile.key)))
    texts = {file: _text(file) for file, _, _ in parts}
    for file, name, _ in parts:
        if has_section(texts[file], name) and not args.force:
            raise CommandError(
                f"{file} has a profile {args.name} already",
                "Take another name, or --force to replace it.",
            )
    for file, name, values in parts:
        _write(file, with_section(texts[file], name, values))
    facts = {"profile": args.name, "files": [str(file) for file, _, _ in parts]}
    answer(args, facts, f"Written. Try: aws --profile {args.name} sts get-caller-identity")
    return 0


def _of_role(args: argparse.Namespace) -> dict[str, str]:
    """What the profile says beyond endpoint and key."""
    if bool(args.role_arn) != bool(args.source_profile):
        raise CommandError(
            "--role-arn and --source-profile go together",
            "Write the profile with the keys first, and name it as the source.",
        )
    given = {
        "role_arn": args.role_arn,
        "source_profile": args.source_profile,
        "mfa_serial": args.mfa_serial,
        "region": args.region,
    }
    for name, value in given.items():
        if value and not value.isprintable():
            raise CommandError(f"--{name.replace('_', '-')} {value!r} is no single line")
    return {name: value for name, value in given.items() if value}


def _file(variable: str, name: str) -> Path:
    chosen = os.environ.get(variable)
    # A link is followed, so that it stays one.
    return (Path(chosen).expanduser() if chosen else Path.home() / ".aws" / name).resolve()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from None


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.doorward-new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as writer:
            os.fchmod(handle, mode)
            writer.write(text)
        fresh.replace(file)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
