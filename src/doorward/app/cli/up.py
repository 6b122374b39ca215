"""`doorward up`: open the house, say what a person needs, serve."""

import argparse
import json
import os
import shlex
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorward.app.cli.places import CREDENTIALS, default_directory
from doorward.app.cli.profiles import DEFAULT, Profile, read_profile, write_profile

if TYPE_CHECKING:
    from doorward.app.house import House

PORT = 4599


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `up`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--data", type=Path, metavar="DIR", help="the store and its keys")
    where.add_argument("--memory", action="store_true", help="keep nothing; can be reset")
    parser.add_argument("--database", metavar="URL", help="postgresql://… instead of SQLite")
    parser.add_argument("--account", metavar="ID", help="12 digits for a first start")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="YAML that fills a first start")
    parser.add_argument(
        "--set", action="append", default=[], metavar="SECTION.NAME=VALUE", help="a setting"
    )
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate chain, PEM")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key, PEM")
    parser.add_argument("--tls-auto", action="store_true", help="make a CA and a certificate")
    parser.add_argument("--json", action="store_true", help="one line of JSON when ready")


def run(args: argparse.Namespace) -> int:
    """Start and serve; returns when stopped."""
    from doorward.app.cli.opening import opened
    from doorward.app.logs import log_as_json
    from doorward.app.server import serve

    log_as_json()
    house, certificate, automatic = opened(args)
    signal.signal(signal.SIGTERM, _end)
    authority = str(automatic.authority.absolute()) if automatic else None
    if not args.json:
        print(
            "Doorward: enforcement ON - every call is authenticated, authorised, recorded.",
            flush=True,
        )

    def ready(port: int) -> None:
        endpoint = f"{'https' if certificate else 'http'}://{_authority(args.host, port)}"
        facts = _facts(house, endpoint, port)
        directory = None if args.memory else args.data or default_directory()
        profile = _profile(house, endpoint, authority)
        if directory:
            profile = _written(house, directory / CREDENTIALS, profile)
        print(json.dumps(facts) if args.json else _words(facts, profile), flush=True)

    serve(house, host=args.host, port=args.port, certificate=certificate, ready=ready)
    return 0


def _end(_signal: int, _frame: object) -> None:
    """Being stopped is what a server is for: exit code 0, once everything is stored."""
    raise SystemExit(0)


def _authority(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - names only
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"


def _facts(house: "House", endpoint: str, port: int) -> dict[str, Any]:
    """What `--json` prints, in the form that programs rely on."""
    first = house.first
    scheme = endpoint.partition(":")[0]
    facts: dict[str, Any] = {
        "endpoint": endpoint,
        "console": f"{scheme}://localhost:{port}/console/",
        "account": house.main_account,
        "root_email": house.root_email,
    }
    if first:
        facts["root_password"] = first.root_password
        facts["admin"] = first.admin._asdict() if first.admin else None
    return facts | {"pid": os.getpid()}


def _profile(house: "House", endpoint: str, authority: str | None) -> Profile:
    admin = house.first.admin if house.first else None
    return Profile(endpoint, admin, authority)


def _written(house: "House", directory: Path, profile: Profile) -> Profile:
    """Write the profiles of a data directory; the main one, with the key known from before."""
    for name in (DEFAULT, house.main_account):
        write_profile(directory, profile, name)
    for account_id in house.accounts.ids():
        key = house.first.further.get(account_id) if house.first else None
        if account_id != house.main_account:
            known = Profile(profile.endpoint, key, profile.authority)
            write_profile(directory, known, account_id)
    return read_profile(directory) or profile


def _words(facts: dict[str, Any], profile: Profile) -> str:
    """What a person needs to go on, ready to paste."""
    lines = [f"Ready at {profile.endpoint}, account {facts['account']}.", ""]
    if facts.get("root_password"):
        lines += [
            f"Root user {facts['root_email']}, password {facts['root_password']}",
            "It is not shown again: keep it, and use it for nothing but recovery.",
            "",
        ]
    lines += [f"  export {name}={shlex.quote(value)}" for name, value in profile.exports().items()]
    return "\n".join([*lines, "", "Then try: aws sts get-caller-identity"])
