"""`doorward up`: open the house, say what a person needs, serve."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorward.app.cli.places import default_directory
from doorward.app.cli.profiles import read_profile, write_profile

if TYPE_CHECKING:
    from doorward.app.house import House

PORT = 4599


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `up`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--data", type=Path, help="directory of the store and its keys")
    where.add_argument("--memory", action="store_true", help="keep nothing; can be reset")
    parser.add_argument("--database", metavar="URL", help="postgresql://… instead of SQLite")
    parser.add_argument("--account", metavar="ID", help="12 digits for a first start")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="YAML that fills a first start")
    parser.add_argument(
        "--set", action="append", default=[], metavar="SECTION.NAME=VALUE", help="a setting"
    )
    parser.add_argument("--tls-cert", type=Path, help="certificate chain, PEM")
    parser.add_argument("--tls-key", type=Path, help="its private key, PEM")
    parser.add_argument("--tls-auto", action="store_true", help="make a CA and a certificate")
    parser.add_argument("--json", action="store_true", help="one line of JSON when ready")


def run(args: argparse.Namespace) -> int:
    """Start and serve; returns when stopped."""
    from doorward.app.cli.opening import opened
    from doorward.app.logs import log_as_json
    from doorward.app.server import serve

    log_as_json()
    if not args.json:
        print("Doorward: enforcement ON - every call is authenticated, authorised, recorded.")
    house, certificate = opened(args)
    scheme = "https" if certificate else "http"

    def ready(port: int) -> None:
        facts = _facts(house, f"{scheme}://{_authority(args.host, port)}", port)
        directory = None if args.memory else args.data or default_directory()
        admin = facts.get("admin")
        key = (admin["access_key_id"], admin["secret_access_key"]) if admin else None
        if directory:
            write_profile(directory / "aws", facts["endpoint"], key)
        print(json.dumps(facts) if args.json else _words(facts, directory), flush=True)

    serve(house, host=args.host, port=args.port, certificate=certificate, ready=ready)
    return 0


def _authority(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - names only
    return f"{shown}:{port}"


def _facts(house: "House", endpoint: str, port: int) -> dict[str, Any]:
    """What `--json` prints, in the form that programs rely on."""
    first = house.first
    scheme = endpoint.partition(":")[0]
    facts: dict[str, Any] = {
        "endpoint": endpoint,
        "console": f"{scheme}://localhost:{port}/console/",
        "account": house.main_account,
        "root_email": house.root_email,
        "pid": os.getpid(),
    }
    if first:
        facts["root_password"] = first.root_password
        facts["admin"] = first.admin._asdict() if first.admin else None
    return facts


def _words(facts: dict[str, Any], directory: Path | None) -> str:
    """What a person needs to go on, ready to paste."""
    endpoint, admin = facts["endpoint"], facts.get("admin")
    lines = [f"Ready at {endpoint}, account {facts['account']}.", ""]
    if facts.get("root_password"):
        lines += [
            f"Root user {facts['root_email']}, password {facts['root_password']}",
            "It is not shown again: keep it, and use it for nothing but recovery.",
            "",
        ]
    profile = read_profile(directory / "aws") if directory else {}
    pair = (
        (admin["access_key_id"], admin["secret_access_key"])
        if admin
        else (profile.get("aws_access_key_id"), profile.get("aws_secret_access_key"))
    )
    lines.append(f"  export AWS_ENDPOINT_URL={endpoint}")
    if all(pair):
        lines.append(f"  export AWS_ACCESS_KEY_ID={pair[0]}")
        lines.append(f"  export AWS_SECRET_ACCESS_KEY={pair[1]}")
    lines += ["  export AWS_REGION=us-east-1", "", "Then try: aws sts get-caller-identity"]
    return "\n".join(lines)
