"""Ask the server a question: a signed call of its own operations."""

import argparse
import os
from typing import Any

from doorward.app.cli import CommandError
from doorward.app.cli.endpoint import endpoint_of
from doorward.app.cli.key_client import known_there
from doorward.app.cli.next_steps import next_step
from doorward.app.cli.places import CREDENTIALS, data_of
from doorward.app.cli.profiles import Profile, read_profile

PATIENCE_S = 60
"""A question about everyone in a large account takes a while."""


def ask_server(
    args: argparse.Namespace, operation: str, question: dict[str, Any]
) -> dict[str, Any]:
    """The answer of `can`, `who_can` or `what_can`."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        call = getattr(client_of(args, "doorward"), operation)
        answer: dict[str, Any] = call(**question)["answer"]
    except (BotoCoreError, ClientError) as error:
        raise failed_call(error, "iam:SimulatePrincipalPolicy") from None
    return answer


def failed_call(error: Exception, needs: str = "") -> CommandError:
    """What to say of a call that did not succeed.

    Args:
        error: A `BotoCoreError` or a `ClientError`.
        needs: The permission the call takes.
    """
    from botocore.exceptions import (
        ClientError,
        NoCredentialsError,
        ParamValidationError,
        ProfileNotFound,
    )

    if isinstance(error, ClientError):
        told = error.response["Error"]
        if needs and told["Code"].startswith("AccessDenied"):
            return CommandError(told["Message"], f"It takes a caller who may do {needs}.")
        return CommandError(told["Message"], next_step(told["Message"]))
    if isinstance(error, NoCredentialsError):
        return CommandError("there is no key to sign with", 'Run: eval "$(doorward env)"')
    if isinstance(error, ProfileNotFound):
        return CommandError(str(error), "`aws configure list-profiles` names them.")
    if isinstance(error, ParamValidationError):
        return CommandError(error.kwargs["report"])
    return CommandError(str(error), "Start it with `doorward up`, or say where it is: --endpoint.")


def client_of(args: argparse.Namespace, service: str) -> Any:
    """A client with the keys of the environment, else those of the data directory.

    A directory that was named comes before the environment, which may lead to another Doorward.
    """
    import botocore.session
    from botocore.config import Config

    from doorward.catalog.models import OWN_MODELS

    given = args.endpoint or (args.data is None and "AWS_ACCESS_KEY_ID" in os.environ)
    known = read_profile(data_of(args) / CREDENTIALS) if given else known_there(args)
    profile = known or Profile(endpoint_of(args))
    key = (None, None) if given or not profile.key else profile.key
    session = botocore.session.get_session()
    session.get_component("data_loader").search_paths.append(str(OWN_MODELS))
    return session.create_client(
        service,
        region_name=profile.region,
        endpoint_url=endpoint_of(args) if given else profile.endpoint,
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        verify=profile.authority,
        config=Config(retries={"total_max_attempts": 2}, read_timeout=PATIENCE_S),
    )
