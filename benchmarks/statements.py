"""The policies and requests that every evaluator is asked: one principal, N statements.

Standard library only: the peers import it in an environment of their own.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
SESSION = f"arn:aws:sts::{ACCOUNT}:federated-user/ann"
CONTEXT = {"aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": "true"}
IN_A_DOCUMENT = 50
SERVICES = (
    *("s3", "sqs", "sns", "dynamodb", "kinesis", "logs", "ecr", "events", "lambda", "glue"),
    *("athena", "states", "ssm", "secretsmanager", "backup", "batch", "codebuild", "firehose"),
    *("kafka", "efs"),
)
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}
AT_HOME = {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}

Statement = dict[str, Any]
Asked = tuple[str, str]


class Workload(NamedTuple):
    """All layers of one principal, each a list of documents."""

    identity: list[str]
    boundary: list[str]
    session: list[str]
    resource: list[str]
    scp: tuple[list[str], list[str]]


def service_of(number: int, *, spread: bool) -> str:
    """Whom the statement with this number is about."""
    return SERVICES[number % len(SERVICES) if spread else 0]


def place(number: int, *, spread: bool) -> str:
    """Where the statement with this number has its say."""
    region = "" if not spread or number % len(SERVICES) == 0 else "eu-west-1"
    owner = ACCOUNT if region else ""
    return f"arn:aws:{service_of(number, spread=spread)}:{region}:{owner}:tenant-{number}/"


def granting(number: int, *, spread: bool) -> Statement:
    """What an identity policy holds: three grants in four, one denial."""
    service = service_of(number, spread=spread)
    found: Statement = {"Sid": f"S{number}", "Resource": f"{place(number, spread=spread)}*"}
    if number % 4 == 3:
        return {"Effect": "Deny", "Action": f"{service}:Delete*", **found}
    actions = [f"{service}:Get*", f"{service}:List*", f"{service}:PutItem", f"{service}:Delete*"]
    asked = {"Condition": AT_HOME} if number % 5 == 0 else {}
    return {"Effect": "Allow", "Action": actions, **found, **asked}


def guarding(number: int, *, spread: bool, **more: Any) -> Statement:
    """What a ceiling holds beside its Allow: denials that rarely apply."""
    action = f"{service_of(number, spread=spread)}:Purge*"
    where = f"{place(number, spread=spread)}*"
    found = {"Effect": "Deny", "Action": action, "Resource": where, **more}
    return {**found, "Condition": INSECURE} if number % 2 else found


def workload(count: int, *, spread: bool) -> Workload:
    """Two thirds in identity policies (the caller's and its groups'), the rest in all others.

    Args:
        count: How many statements in all, at least ten.
        spread: Over twenty services; otherwise all are about one.
    """
    each = max(count // 15, 1)
    granted = [granting(number, spread=spread) for number in range(_own(count))]
    guards = [guarding(number, spread=spread) for number in range(each)]
    ceiling = list(documents([EVERYTHING, *guards[1:]]))
    named = [guarding(number, spread=spread, Principal="*") for number in range(each)]
    outer = list(documents([EVERYTHING, *guards]))
    return Workload(
        list(documents(granted)), ceiling, ceiling, list(documents(named)), (outer, ceiling)
    )


def _own(count: int) -> int:
    return count - 5 * max(count // 15, 1) - 1


def documents(statements: list[Statement]) -> Iterator[str]:
    """Statements as policies of a size that IAM stores."""
    for at in range(0, len(statements), IN_A_DOCUMENT):
        body = {"Version": "2012-10-17", "Statement": statements[at : at + IN_A_DOCUMENT]}
        yield json.dumps(body)


def asked(count: int, answer: str, *, spread: bool, wanted: int = 16) -> list[Asked]:
    """Requests that get this answer: `Allowed`, `ImplicitlyDenied` or `ExplicitlyDenied`."""
    if answer == "ImplicitlyDenied":
        services = [service_of(number, spread=spread) for number in range(wanted)]
        return [(f"{one}:GetItem", f"arn:aws:{one}:eu-west-1:{ACCOUNT}:no/x") for one in services]
    denied = answer == "ExplicitlyDenied"
    numbers = [number for number in range(_own(count)) if (number % 4 == 3) is denied]
    verb = "DeleteItem" if denied else "GetItem"
    chosen = (numbers[at * len(numbers) // wanted] for at in range(wanted))
    return [
        (f"{service_of(n, spread=spread)}:{verb}", f"{place(n, spread=spread)}x") for n in chosen
    ]
