"""Short ways to write policies for the checks."""

import json
from typing import NamedTuple

ROLE = "arn:aws:iam::123456789012:role/app"
GOOGLE = "accounts.google.com"
GITHUB = "token.actions.githubusercontent.com"
GITHUB_ARN = f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"
SAML_ARN = "arn:aws:iam::123456789012:saml-provider/corp"


class Case(NamedTuple):
    """A policy that trips a check, and one that comes close and does not."""

    kind: str
    trips: str
    clean: str


def policy(*statements, **top):
    body = {"Version": "2012-10-17", "Statement": list(statements)}
    return json.dumps({name: value for name, value in (body | top).items() if value is not None})


def statement(**elements):
    plain = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::box/*"}
    return _without_none(plain | elements)


def trust(**elements):
    plain = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
    return _without_none(plain | {"Action": "sts:AssumeRole"} | elements)


def on_resource(**elements):
    return statement(**({"Principal": {"AWS": "123456789012"}} | elements))


def _without_none(elements):
    return {name: value for name, value in elements.items() if value is not None}


def identity(trips, clean):
    """Elements of one statement of an identity policy, twice."""
    return Case("identity", policy(statement(**trips)), policy(statement(**clean)))


def trusting(trips, clean):
    return Case("trust", policy(trust(**trips)), policy(trust(**clean)))


def resource(trips, clean):
    return Case("resource", policy(on_resource(**trips)), policy(on_resource(**clean)))


def rcp(trips, clean):
    plain = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    return Case("rcp", *(policy(_without_none(plain | each)) for each in (trips, clean)))


def condition(trips, clean, **elements):
    """Conditions of an identity policy's statement, twice."""
    return identity({"Condition": trips, **elements}, {"Condition": clean, **elements})


def arn(trips, clean, action="*"):
    return identity({"Action": action, "Resource": trips}, {"Action": action, "Resource": clean})
