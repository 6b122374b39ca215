import json
import os
import subprocess

import pytest
from tests.root import root_client, root_key

from doorward.app.bootstrap import first_start
from doorward.app.cli import key_client
from doorward.app.house import utc_now
from doorward.app.secret_scan.places import LARGEST
from doorward.app.seed import read_seed
from doorward.store.key_sources import key_source
from doorward.store.rotation import open_sealer
from doorward.store.sqlite import SqliteStore

UNKNOWN = "AKIA" + "Q" * 16


@pytest.fixture
def svc(house, monkeypatch):
    """A user with a key, and the command that asks this house."""
    house.asking = house.iam
    monkeypatch.setattr(key_client, "iam_client", lambda _args: house.asking)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anything")
    house.iam.create_user(UserName="svc")
    house.key = house.iam.create_access_key(UserName="svc")["AccessKey"]
    return house


@pytest.fixture
def leak(svc, tmp_path):
    """A file with the pair of that user."""
    folder = tmp_path / "source"
    folder.mkdir()
    key = svc.key
    (folder / "a.env").write_text(f"{key['AccessKeyId']}\n{key['SecretAccessKey']}\n")
    return folder


def test_nothing_found_is_0(run, tmp_path):
    told = run("scan-secrets", tmp_path)
    assert (told.code, told.out) == (0, "0 texts read, no access key found.\n")


def test_what_was_passed_over_is_said(run, tmp_path):
    (tmp_path / "a").write_bytes(b"\0")
    (tmp_path / "b").write_bytes(b" " * (LARGEST + 1))
    told = run("scan-secrets", tmp_path)
    assert told.out.splitlines() == [
        f"not read: {tmp_path}/b: larger than 10 MiB",
        "not read: 1 binary files (--json names them)",
        "0 texts read, no access key found.",
    ]
    assert run("scan-secrets", tmp_path, "--json").json["skipped"][f"{tmp_path}/a"] == "binary"


def test_nowhere_to_look_is_2(run, tmp_path):
    assert run("scan-secrets", tmp_path / "none").code == 2
    os.mkfifo(tmp_path / "pipe")
    assert run("scan-secrets", tmp_path / "pipe").code == 2


@pytest.mark.practice("S000-06", "S004-05")
def test_a_live_key_is_critical_and_named_with_its_owner(run, svc, leak):
    key = svc.key
    told = run("scan-secrets", leak)
    assert told.code == 1
    kind = f"long-term key of account {svc.account_id}"
    assert told.out.splitlines() == [
        f"{key['AccessKeyId']}: {kind} with its secret {key['SecretAccessKey'][:4]}…",
        "  CRITICAL: belongs to svc and works. Deactivate it: --deactivate",
        f"  {leak}/a.env:1",
        "1 texts read, 1 access key found.",
    ]
    assert key["SecretAccessKey"] not in told.out


@pytest.mark.practice("S000-06")
def test_it_is_switched_off_when_asked(run, svc, leak):
    told = run("scan-secrets", leak, "--deactivate")
    assert told.code == 1
    assert "belongs to svc; deactivated now" in told.out
    (shown,) = svc.iam.list_access_keys(UserName="svc")["AccessKeyMetadata"]
    assert shown["Status"] == "Inactive"
    assert "belongs to svc; inactive" in run("scan-secrets", leak).out


def test_keys_of_root_and_of_nobody(run, svc, leak):
    roots = root_key(svc)
    (leak / "a.env").write_text(f"{roots}\n{UNKNOWN}\nASIA{'Q' * 16}\n")
    svc.asking = root_client(svc, number=1)
    told = run("scan-secrets", leak, "--deactivate")
    assert told.code == 1
    assert "CRITICAL: belongs to root. Delete it as root" in told.out
    assert told.out.count("of nobody known here") == 2
    assert "temporary key" in told.out


def test_who_may_not_ask_is_not_told_that_it_is_nobodys(run, svc, leak):
    svc.asking = svc.user_client("svc")
    told = run("scan-secrets", leak)
    assert told.code == 1
    assert "whose they are is not known" in told.out
    assert "of nobody known here" not in told.out
    assert "iam:GetAccessKeyLastUsed" in told.out
    assert run("scan-secrets", leak, "--deactivate").code == 2


def test_what_the_caller_may_ask_about_is_switched_off_all_the_same(run, svc, leak):
    (leak / "b.env").write_text(UNKNOWN)
    actions = ["iam:GetAccessKeyLastUsed", "iam:ListAccessKeys", "iam:UpdateAccessKey"]
    own = f"arn:aws:iam::{svc.account_id}:user/svc"
    statement = {"Effect": "Allow", "Action": actions, "Resource": own}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    svc.iam.put_user_policy(UserName="svc", PolicyName="own", PolicyDocument=document)
    svc.asking = svc.user_client("svc")
    told = run("scan-secrets", leak, "--deactivate")
    assert "belongs to svc; deactivated now" in told.out
    assert "whose the others are is not known" in told.out


def test_the_history_counts(run, svc, leak):
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x"), ("rm", "-q", "a.env")):
        subprocess.run(["git", "-C", str(leak), *who, *words], check=True)
    leak.mkdir(exist_ok=True)
    assert run("scan-secrets", leak).code == 0
    (row,) = run("scan-secrets", leak, "--history", "--json").json["keys"]
    assert row["access_key_id"] == svc.key["AccessKeyId"]
    assert row["places"][0].startswith("commit ")


def test_no_history_is_an_error(run, leak, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(leak.parent))
    told = run("scan-secrets", leak, "--history")
    assert told.code == 2
    assert "not a git repository" in told.err


def test_without_anybody_to_ask_it_still_finds(run, tmp_path):
    (tmp_path / "a").write_text(UNKNOWN)
    told = run("scan-secrets", tmp_path / "a", "--json")
    assert told.code == 1
    assert told.json["unasked"]
    (row,) = told.json["keys"]
    assert (row["owner"], row["live"]) == (None, None)
    assert "whose they are is not known" in run("scan-secrets", tmp_path / "a").out
    refused = run("scan-secrets", tmp_path / "a", "--deactivate")
    assert refused.code == 2
    assert "--endpoint" in refused.err


@pytest.mark.parametrize(("key_id", "owner"), [("AKIA" + "S" * 16, "ann"), (UNKNOWN, "root")])
def test_a_data_directory_knows_without_a_server(run, tmp_path, key_id, owner):
    data = tmp_path / "data"
    store = SqliteStore(data)
    seed = (
        f"users: [{{name: ann, access_keys: [{{id: AKIA{'S' * 16}, secret: s}}]}}]\n"
        f"root: {{access_key: {{id: {UNKNOWN}, secret: s}}}}\n"
    )
    first_start(store, open_sealer(store, key_source(data)), read_seed(seed), None, utc_now())
    store.close()
    (tmp_path / "a").write_text(f"{key_id} and AKIA{'T' * 16}")
    told = json.loads(run("scan-secrets", tmp_path / "a", "--data", data, "--json").out)
    first, second = sorted(told["keys"], key=lambda row: row["owner"] is None)
    assert (first["access_key_id"], first["owner"], first["live"]) == (key_id, owner, True)
    assert second["owner"] is None
