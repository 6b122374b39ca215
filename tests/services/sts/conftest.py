import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from doorward.app.bootstrap import empty_account, with_administrator
from doorward.app.live import Live
from doorward.store.unit import Unit

OTHER = "444455556666"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, *actions, **condition):
    """A trust policy; `AWS` may be an account."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": list(actions) or ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    }
    if condition:
        statement["Condition"] = condition
    return document(statement)


@dataclass(frozen=True)
class Roles:
    """Makes roles, and opens sessions of them as the administrator."""

    house: object

    def make(self, name, trusted=None, allowed="*", **settings):
        """A role that trusts the account and may do anything unless told otherwise."""
        self.house.iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=trusted or trust(self.house.account_id),
            **settings,
        )
        grant = document({"Effect": "Allow", "Action": allowed, "Resource": "*"})
        self.house.iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=grant)
        return self.arn(name)

    def arn(self, name):
        return f"arn:aws:iam::{self.house.account_id}:role/{name}"

    def assume(self, name, client=None, **given):
        usual = {"RoleArn": self.arn(name), "RoleSessionName": "nightly"}
        return (client or self.house.sts).assume_role(**{**usual, **given})

    def client(self, name, service="sts", client=None, **given):
        """A client with the credentials of a session of the role."""
        credentials = self.assume(name, client, **given)["Credentials"]
        return self.house.client_of(credentials, service)


@pytest.fixture
def roles(house):
    return Roles(house)


@pytest.fixture
def unchecked(house):
    """A client that sends what botocore would refuse to send."""
    client = house._new_client("sts", None, None, None, "us-east-1")
    client._serializer = client._serializer._serializer
    return client


@pytest.fixture
def ann(house):
    """A user without any permission."""
    house.iam.create_user(UserName="ann")
    return house.user_client("ann", "sts")


@pytest.fixture
def other(house):
    """The administrator of another account, as (client maker, account id)."""
    now = datetime.now(UTC)
    empty = Live(empty_account(OTHER, "root@other.invalid", now))
    live, pair = with_administrator(empty, house.house.sealer, now)
    house.house.store.commit([Unit(OTHER, 0, live.rows())])
    house.house.accounts.know([OTHER])
    return lambda service: house.client(service, pair.access_key_id, pair.secret_access_key)
