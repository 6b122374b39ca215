from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.caller import Caller, CallerKind
from doorward.account.model import Group, Profile, Role, User
from doorward.authz.callers import caller_in

NOW = datetime(2026, 9, 11, tzinfo=UTC)
ID = "111122223333"
IAM = f"arn:aws:iam::{ID}"
STS = f"arn:aws:sts::{ID}"
HERE = Account.of(
    ID,
    [
        Profile(id=ID, email="e", created=NOW),
        User(name="Ann", path="/x/", user_id="AIDA1", created=NOW),
        Role(name="Reader", path="/y/", role_id="AROA1", created=NOW, trust=""),
        Group(name="g", group_id="AGPA1", created=NOW),
    ],
)


def test_a_user_calls_as_with_its_own_key():
    arn = f"{IAM}:user/x/Ann"
    assert caller_in(HERE, arn) == Caller.user(arn, "AIDA1")


def test_root_calls_as_root():
    assert caller_in(HERE, f"{IAM}:root") == Caller.root(ID)


def test_a_session_knows_its_role_with_the_path():
    found = caller_in(HERE, f"{STS}:assumed-role/Reader/work")
    assert found.kind is CallerKind.ROLE
    assert found.entity_arn == f"{IAM}:role/y/Reader"
    assert (found.entity_id, found.unique_id, found.name) == ("AROA1", "AROA1:work", "work")


def test_a_role_is_any_session_of_it():
    arn = f"{IAM}:role/y/Reader"
    found = caller_in(HERE, arn)
    assert (found.arn, found.entity_arn, found.unique_id) == (arn, arn, "AROA1:")


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "Ann",
        f"{IAM}:user/Ann",
        f"{IAM}:user/x/ann",
        f"{IAM}:user/x/Bob",
        f"{IAM}:role/Reader",
        f"{IAM}:role/y/Writer",
        f"{IAM}:group/g",
        f"{IAM}:policy/y/Reader",
        "arn:aws:iam::999999999999:user/x/Ann",
        "arn:aws:iam::999999999999:root",
        "arn:aws-cn:iam::111122223333:root",
        f"{STS}:assumed-role/reader/work",
        f"{STS}:assumed-role/Nobody/work",
        f"{STS}:assumed-role/Reader",
        f"{STS}:assumed-role/Reader/",
        f"{STS}:assumed-role/Reader/a/b",
        f"{STS}:assumed-role/Reader/w",
        f"{STS}:assumed-role/Reader/work\n",
        f"{STS}:federated-user/Ann",
        "arn:aws:sts:us-east-1:111122223333:assumed-role/Reader/work",
    ],
)
def test_whoever_is_not_there_does_not_call(arn):
    assert caller_in(HERE, arn) is None
