import json
from pathlib import Path

import pytest
from tests.app.cli.asking_house import ACCOUNT, filled

from doorward.app.cli import CommandError
from doorward.app.cli.asking_accounts import account_from, records_from


def details(name, account=ACCOUNT, **more):
    user = {
        "Path": "/",
        "UserName": name,
        "UserId": f"AIDA{name.upper()}",
        "Arn": f"arn:aws:iam::{account}:user/{name}",
        "CreateDate": "2026-11-22T00:45:50+00:00",
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
    }
    lists = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    return json.dumps(lists | more)


def test_a_snapshot_is_a_file_or_a_directory_of_pages(tmp_path):
    (tmp_path / "1.json").write_text(details("ann", IsTruncated=True, Marker="x"))
    (tmp_path / "2.json").write_text(details("bob"))
    assert account_from(tmp_path / "2.json").user("bob")
    account = account_from(tmp_path, ACCOUNT)
    assert account.user("ann")
    assert account.user("bob")


def test_a_data_directory_may_be_served_meanwhile(tmp_path, server):
    server("--data", tmp_path / "data")
    assert account_from(tmp_path / "data").user("admin")


def test_another_account_of_a_data_directory(tmp_path):
    directory = filled(tmp_path / "data")
    assert account_from(directory).id == ACCOUNT
    assert account_from(directory, "444455556666").user("carl")
    with pytest.raises(CommandError, match="there is no account 1 in"):
        account_from(directory, "1")


def not_filled(directory):
    from doorward.store.sqlite import SqliteStore

    SqliteStore(directory).close()
    return directory


def written(text):
    def write(directory):
        (directory / "x.json").write_text(text)
        return directory / "x.json"

    return write


def no_store(directory):
    (directory / "doorward.db").write_text("nonsense")
    return directory


WRONG = [
    (lambda directory: directory, "there is no Doorward in"),
    (lambda directory: directory / "none.json", "No such file"),
    (written("{"), "x.json: "),
    (written("{}"), "no authorization details"),
    (not_filled, "this store was never filled"),
    (no_store, "doorward.db"),
]


@pytest.mark.parametrize(("make", "says"), WRONG)
def test_what_is_neither_is_said_with_a_next_step(tmp_path, make, says):
    with pytest.raises(CommandError) as caught:
        account_from(make(tmp_path))
    what, _, next_step = str(caught.value).partition("\n")
    assert says in what
    assert next_step


def test_a_snapshot_of_another_account(tmp_path):
    place = written(details("ann"))(tmp_path)
    with pytest.raises(CommandError, match=f"x.json is of account {ACCOUNT}"):
        account_from(place, "444455556666")


def test_a_snapshot_has_no_records(tmp_path):
    with pytest.raises(CommandError, match="there is no Doorward in"):
        list(records_from(Path(tmp_path), "", 0, 1))
