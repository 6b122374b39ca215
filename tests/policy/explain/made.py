import gzip
import json
from functools import cache
from pathlib import Path

from doorward.policy import Attached, Policies, Policy, Principal, Request

CASES = Path(__file__).parents[1] / "data" / "decision-cases.jsonl.gz"
ACCOUNT = "111122223333"
ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"


def attached(document, kind="identity", name="P"):
    text = document if isinstance(document, str) else json.dumps(document)
    return Attached(Policy.parse_or_deny(text, kind), name)


def document(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action="s3:GetObject", resource="*", **more):
    return allow(action, resource, **more) | {"Effect": "Deny"}


def asked(
    principal=ANN, action="s3:GetObject", resource="arn:aws:s3:::b/k", account=ACCOUNT, **context
):
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return Request(Principal.from_arn(principal), action, resource, account, keys)


def _each(documents, kind):
    if documents is None:
        return None
    return tuple(attached(one, kind, f"{kind}-{at}") for at, one in enumerate(documents))


def _case(case):
    asks, given = case["request"], case["policies"]
    resource = given["resource"]
    policies = Policies(
        identity=_each(given["identity"], "identity"),
        resource=_each(None if resource is None else [resource], "resource"),
        boundary=_each(given["boundary"], "boundary"),
        session=_each(given["session"], "session"),
        endpoint=_each(given["endpoint"], "endpoint"),
        scp=tuple(_each(level, "scp") for level in given["scp"]),
        rcp=tuple(_each(level, "rcp") for level in given["rcp"]),
    )
    request = Request(
        Principal.from_arn(asks["principal"]),
        *(asks["action"], asks["resource"], asks["resource_account"], asks["context"]),
    )
    return request, policies


@cache
def cases():
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        return [_case(json.loads(line)) for line in lines]
