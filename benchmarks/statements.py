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

    @property
    def documents(self) -> list[str]:
        """Every document, for evaluators without layers."""
        return [
            *self.identity,
            *self.boundary,
            *self.session,
            *self.resource,
            *self.scp[0],
            *self.scp[1],
        ]


def place(number: int) -> str:
    """Where the statement with this number has its say."""
    service = SERVICES[number % len(SERVICES)]
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:tenant-{number}/"


def granting(number: int) -> Statement:
    """What an identity policy holds: three grants in four, one denial."""
    service = SERVICES[number % len(SERVICES)]
    found: Statement = {"Sid": f"S{number}", "Resource": f"{place(number)}*"}
    if number % 4 == 3:
        return {"Effect": "Deny", "Action": f"{service}:Delete*", **found}
    actions = [f"{service}:Get*", f"{service}:List*", f"{service}:PutItem", f"{service}:Delete*"]
    asked = {"Condition": AT_HOME} if number % 5 == 0 else {}
    return {"Effect": "Allow", "Action": actions, **found, **asked}


def guarding(number: int, **more: Any) -> Statement:
    """What a ceiling holds beside its Allow: denials that rarely apply."""
    service = SERVICES[number % len(SERVICES)]
    found = {"Effect": "Deny", "Action": f"{service}:Purge*", "Resource": f"{place(number)}*"}
    return {**found, "Condition": INSECURE, **more} if number % 2 else {**found, **more}


def workload(count: int) -> Workload:
    """Two thirds in identity policies (the caller's and its groups'), the rest in all others."""
    each = max(count // 15, 1)
    own = count - 5 * each - 1
    anyone = {"Principal": "*"}
    allow = [EVERYTHING]
    return Workload(
        list(documents([granting(number) for number in range(own)])),
        list(documents(allow + [guarding(number) for number in range(each - 1)])),
        list(documents(allow + [guarding(number) for number in range(each - 1)])),
        list(documents([guarding(number, **anyone) for number in range(each)])),
        (
            list(documents(allow + [guarding(number) for number in range(each)])),
            list(documents(allow + [guarding(number) for number in range(each - 1)])),
        ),
    )


def documents(statements: list[Statement]) -> Iterator[str]:
    """Statements as policies of a size that IAM stores."""
    for at in range(0, len(statements), IN_A_DOCUMENT):
        body = {"Version": "2012-10-17", "Statement": statements[at : at + IN_A_DOCUMENT]}
        yield json.dumps(body)


def asked(count: int, answer: str, wanted: int = 16) -> list[Asked]:
    """Requests that get this answer: `Allowed`, `ImplicitlyDenied` or `ExplicitlyDenied`."""
    own = count - 5 * max(count // 15, 1) - 1
    if answer == "ImplicitlyDenied":
        services = [SERVICES[number % len(SERVICES)] for number in range(wanted)]
        return [(f"{one}:GetItem", f"arn:aws:{one}:eu-west-1:{ACCOUNT}:no/x") for one in services]
    denied = answer == "ExplicitlyDenied"
    numbers = [number for number in range(own) if (number % 4 == 3) is denied]
    chosen = [numbers[at * len(numbers) // wanted] for at in range(wanted)]
    verb = "DeleteItem" if denied else "GetItem"
    return [(f"{SERVICES[n % len(SERVICES)]}:{verb}", f"{place(n)}x") for n in chosen]
