"""Reach the server of an endpoint at its own addresses."""

import argparse
import json
import os
from typing import Any

DEFAULT = "http://127.0.0.1:4599"
PATIENCE_S = 5


def endpoint_option(parser: argparse.ArgumentParser) -> None:
    """The option `--endpoint`."""
    parser.add_argument(
        "--endpoint", metavar="URL", help=f"where it serves [AWS_ENDPOINT_URL, {DEFAULT}]"
    )


def endpoint_of(args: argparse.Namespace) -> str:
    """The endpoint asked for."""
    from doorward.app.cli import CommandError

    chosen: str = args.endpoint or os.environ.get("AWS_ENDPOINT_URL") or DEFAULT
    if not _is_url(chosen):
        raise CommandError(f"{chosen} is no URL", "Give --endpoint http://HOST:PORT.")
    return chosen.rstrip("/")


def _is_url(text: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return False
    spaced = any(one.isspace() for one in text)
    return known and not spaced and parts.scheme in {"http", "https"} and bool(parts.hostname)


def fetched(
    endpoint: str, path: str, *, method: str = "GET", authority: str | None = None
) -> tuple[int, dict[str, Any]] | None:
    """Status and JSON of an address; None when nobody answers there."""
    import ssl
    from urllib.error import HTTPError
    from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

    from doorward.app.cli import CommandError

    trusted = authority or os.environ.get("AWS_CA_BUNDLE")
    try:
        context = ssl.create_default_context(cafile=trusted)
    except OSError as error:
        raise CommandError(f"{trusted}: {error}", "Set AWS_CA_BUNDLE to a PEM file.") from None
    # A proxy of the environment is for other places than our own server.
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    try:
        with opener.open(Request(endpoint + path, method=method), timeout=PATIENCE_S) as reply:  # noqa: S310 - http or https, see endpoint_of
            return reply.status, _json(reply.read())
    except HTTPError as error:
        with error:
            return error.code, _json(error.read())
    except (OSError, ValueError):
        return None


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
