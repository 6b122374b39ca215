from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.model import Profile, Role, User
from doorward.account.tags import Tag
from doorward.authz.principal_keys import of_principal_in

NOW = datetime(2026, 9, 11, tzinfo=UTC)
ID = "111122223333"
IAM = f"arn:aws:iam::{ID}"
BLUE = (Tag("Team", "blue"),)
HERE = Account.of(
    ID,
    [
        Profile(id=ID, email="e", created=NOW),
        User(name="ann", path="/x/", user_id="AIDA1", created=NOW, tags=BLUE),
        Role(name="r", path="/y/", role_id="AROA1", created=NOW, trust="", tags=BLUE),
    ],
)
ALWAYS = {"aws:principalaccount": ID, "aws:principalisawsservice": "false"}
TAGGED = {"aws:principaltag/team": "blue"}


@pytest.mark.parametrize(
    ("arn", "keys"),
    [
        (
            f"{IAM}:user/x/ann",
            TAGGED
            | {
                "aws:principaltype": "User",
                "aws:principalarn": f"{IAM}:user/x/ann",
                "aws:userid": "AIDA1",
                "aws:username": "ann",
            },
        ),
        (
            f"{IAM}:role/y/r",
            TAGGED
            | {
                "aws:principaltype": "AssumedRole",
                "aws:principalarn": f"{IAM}:role/y/r",
                "aws:userid": "AROA1:",
            },
        ),
        (
            f"arn:aws:sts::{ID}:assumed-role/r/work",
            TAGGED
            | {
                "aws:principaltype": "AssumedRole",
                "aws:principalarn": f"{IAM}:role/y/r",
                "aws:userid": "AROA1:work",
            },
        ),
        (
            f"{IAM}:root",
            {
                "aws:principaltype": "Account",
                "aws:principalarn": f"{IAM}:root",
                "aws:userid": ID,
            },
        ),
    ],
)
def test_who_it_is_says_the_keys(arn, keys):
    assert of_principal_in(HERE, arn) == ALWAYS | keys


def test_nobody_has_no_keys():
    assert of_principal_in(HERE, f"{IAM}:user/bob") == {}
