"""A client of IAM for whoever rotates keys: here, at any endpoint, or at AWS itself."""

import argparse
import os
from typing import Any

from doorward.app.cli.endpoint import endpoint_of
from doorward.app.cli.places import CREDENTIALS, data_of
from doorward.app.cli.profiles import REGION, read_profile


def iam_client(args: argparse.Namespace, pair: tuple[str, str] | None = None) -> Any:
    """A client by `--aws-profile`, else by the environment, else by the data directory.

    Args:
        args: With `aws_profile`, `endpoint` and `data`.
        pair: Sign with these instead.
    """
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session(profile=args.aws_profile)
    given = args.aws_profile or args.endpoint or "AWS_ACCESS_KEY_ID" in os.environ
    known = None if given else read_profile(data_of(args) / CREDENTIALS)
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


def _endpoint(args: argparse.Namespace) -> str | None:
    """A profile of `~/.aws` says itself where it leads, to AWS if it says nothing."""
    return None if args.aws_profile and not args.endpoint else endpoint_of(args)
