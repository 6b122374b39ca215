import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.model import AccessKey, Profile, User
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.authn.key_ids import access_key_id
from doorward.services.call import Call
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


class Desk:
    """Keeps the sessions it sealed, and knows no other account."""

    def __init__(self):
        self.sessions = []

    def seal_session(self, session):
        self.sessions.append(session)
        return "token"

    def account(self, _account_id):
        return None


def a_call(caller, **given):
    """A call without a house, for what no client can bring about."""
    usual = {
        "service": "sts",
        "operation": "Anything",
        "account": Account.of(caller.account, []),
        "caller": caller,
        "now": datetime(2026, 9, 11, 10, 30, 15, 999, tzinfo=UTC),
        "region": "us-east-1",
        "request_id": "",
        "vault": None,
        "desk": Desk(),
        "last_use": None,
        "random": bytes,
    }
    return Call(**usual | given)


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
    """Clients of another account's administrator, by service."""
    key_id, secret = access_key_id("AKIA", OTHER, b"other"), "s" * 40
    account = Account.of(OTHER, []).put(Profile(id=OTHER, email="", created=house.clock()))
    admin = User(
        name="admin",
        user_id="AIDAOTHER",
        created=house.clock(),
        attached=("arn:aws:iam::aws:policy/AdministratorAccess",),
        access_keys=(AccessKey(key_id, house.clock()),),
    )
    vault = AccountVault(Live(account.put(admin)), house.house.sealer)
    vault.put(f"access-key/{key_id}", secret.encode())
    house.house.store.commit([Unit(OTHER, 0, vault.live.rows())])
    house.house.accounts.know([OTHER])
    return lambda service: house.client(service, key_id, secret)
