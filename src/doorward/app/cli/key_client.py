"""A client of IAM for whoever rotates keys: here, at any endpoint, or at AWS itself."""

import argparse
import os
from typing import Any

from doorward.app.cli import CommandError
from doorward.app.cli.endpoint import endpoint_of
from doorward.app.cli.places import CREDENTIALS, data_of
from doorward.app.cli.profiles import REGION, Profile, read_profile


def iam_client(args: argparse.Namespace, pair: tuple[str, str] | None = None) -> Any:
    """A client by `--aws-profile`, a named `--data`, the environment or the usual directory.

    Args:
        args: With `aws_profile`, `endpoint` and `data`.
        pair: Sign with these instead.
    """
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session(profile=args.aws_profile)
    known = None if asks_elsewhere(args) else known_there(args)
    key = pair or (known.key if known else None) or (None, None)
    return session.create_client(
        "iam",
        region_name=session.get_config_variable("region") or REGION,
        endpoint_url=known.endpoint if known else _endpoint(args),
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        verify=known.authority if known else None,
        config=Config(retries={"total_max_attempts": 3}),
    )


def asks_elsewhere(args: argparse.Namespace) -> bool:
    """Whether a server was named rather than a data directory; options come before names."""
    if args.aws_profile or args.endpoint:
        return True
    return args.data is None and "AWS_ACCESS_KEY_ID" in os.environ


def known_there(args: argparse.Namespace) -> Profile | None:
    """The profile of the data directory; one that was named must have one."""
    found = read_profile(data_of(args) / CREDENTIALS)
    if args.data and not found:
        raise CommandError(
            f"{args.data} knows no endpoint of a Doorward",
            "Start it with `doorward up`, or give its --data directory.",
        )
    return found


def _endpoint(args: argparse.Namespace) -> str | None:
    """A profile of `~/.aws` says itself where it leads, to AWS if it says nothing."""
    return None if args.aws_profile and not args.endpoint else endpoint_of(args)
