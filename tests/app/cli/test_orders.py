import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from doorward.account.mfa import MfaDevice, MfaKind
from doorward.app.bootstrap import first_start
from doorward.app.cli.profiles import Profile, read_profile, write_profile
from doorward.app.house import utc_now
from doorward.app.live import read_live
from doorward.app.seed import read_seed
from doorward.store.key_sources import key_source
from doorward.store.rotation import open_sealer
from doorward.store.sqlite import SqliteStore
from doorward.store.unit import Unit

SEED = """
account: {id: "111122223333"}
users: [{name: ann, access_keys: [{id: AKIAIOSFODNN7EXAMPLE, secret: s}]}]
accounts: [{account: {id: "444455556666"}, users: [{name: bob}]}]
roles:
- name: deploy
  trust:
    Version: 2012-10-17
    Statement: {Effect: Allow, Principal: {AWS: "111122223333"}, Action: sts:AssumeRole}
"""


@pytest.fixture
def data(tmp_path):
    """A data directory that no server has open."""
    directory = tmp_path / "data"
    store = SqliteStore(directory)
    sealer = open_sealer(store, key_source(directory))
    first_start(store, sealer, read_seed(SEED), None, utc_now())
    store.close()
    return directory


def events(directory, account="111122223333"):
    store = SqliteStore(directory, read_only=True)
    found = store.find_records(
        account, start_ms=0, end_ms=10**15, attribute=None, limit=10, before=None
    )
    store.close()
    return [json.loads(row.body)["eventName"] for _, row in found]


def test_recover_on_a_stopped_directory(run, data):
    for name in ("default", "111122223333"):
        write_profile(data / "aws", Profile("http://127.0.0.1:4599"), name)
    facts = run("recover", "--data", data, "--json").json
    pair = tuple(facts["admin"].values())
    assert read_profile(data / "aws").key == pair
    assert read_profile(data / "aws", "111122223333").key == pair
    assert events(data) == ["RecoverAdministrator"]
    words = run("recover", "--data", data).out
    assert "export AWS_ACCESS_KEY_ID=AKIA" in words


def test_recover_root_and_a_further_account(run, data):
    assert len(run("recover", "--root", "--data", data, "--json").json["root_password"]) >= 20
    assert "password" in run("recover", "--root", "--data", data).out
    facts = run("recover", "--data", data, "--account", "444455556666", "--json").json
    assert facts["account"] == "444455556666"
    assert not (data / "aws").exists()
    assert events(data, "444455556666") == ["RecoverAdministrator"]


def test_offboard_and_revoke_on_a_stopped_directory(run, data):
    assert (
        "deactivated the access key AKIAIOSFODNN7EXAMPLE"
        in run("offboard", "ann", "--data", data).out
    )
    facts = run("role", "revoke-sessions", "deploy", "--data", data, "--json").json
    assert facts["done"][0] == "put the inline policy AWSRevokeOlderSessions"
    assert "deploy:" in run("role", "revoke-sessions", "deploy", "--data", data).out
    assert sorted(set(events(data))) == ["OffboardUser", "RevokeRoleSessions"]


def test_the_master_key_is_rotated_on_a_stopped_directory(run, data):
    before = (data / "master.key").read_text()
    assert run("key", "rotate", "--data", data, "--json").json["resealed"] >= 4
    assert (data / "master.key").read_text() != before
    assert events(data) == ["RotateMasterKey"]
    assert "sealed under a new master key" in run("key", "rotate", "--data", data).out
    assert run("recover", "--data", data).code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["offboard", "nobody"], "The user with name nobody cannot be found."),
        (["recover", "--account", "999999999999"], "no account 999999999999"),
    ],
)
def test_what_cannot_be_done_is_said(run, data, words, says):
    ran = run(*words, "--data", data)
    assert ran.code == 2
    assert says in ran.err


def test_a_directory_of_nobody_is_said_and_not_made(run, tmp_path):
    for words in (["recover"], ["key", "rotate"], ["export", "-o", "-"]):
        ran = run(*words, "--data", tmp_path / "none")
        assert ran.code == 2
        assert "there is no Doorward" in ran.err
    assert not (tmp_path / "none").exists()


def test_a_store_that_was_never_filled_is_said(run, tmp_path):
    SqliteStore(tmp_path).close()
    key_source(tmp_path).create()
    ran = run("recover", "--data", tmp_path)
    assert ran.code == 2
    assert "never filled" in ran.err


def test_a_directory_in_use_without_an_answer_is_said(run, data):
    store = SqliteStore(data)
    ran = run("recover", "--data", data)
    store.close()
    assert ran.code == 2
    assert "does not answer" in ran.err


def test_an_exposed_key_is_said(run, data):
    (data / "master.key").chmod(0o644)
    ran = run("recover", "--data", data)
    assert ran.code == 2
    assert "chmod 600" in ran.err


def test_export_and_import_of_a_whole_directory(run, data, tmp_path):
    file, passphrase, fresh = tmp_path / "all.json", tmp_path / "phrase", tmp_path / "fresh"
    passphrase.write_text("correct horse battery\n")
    words = ["--passphrase-file", passphrase, "--json"]
    facts = run("export", "-o", file, "--data", data, *words).json
    assert facts == {"file": str(file), "accounts": 2, "secrets": True}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    done = run("import", file, "--data", fresh, *words).json
    assert done["main"] == "111122223333"
    assert done["keys_without_secret"] == 0
    assert run("recover", "--data", fresh).code == 0
    again = run("import", file, "--data", fresh, "--passphrase-file", passphrase)
    assert again.code == 2
    assert "accounts already" in again.err


def test_export_without_secrets_and_its_import(run, data, tmp_path):
    file = tmp_path / "all.json"
    assert "without secrets" in run("export", "-o", file, "--data", data).out
    assert "doorward recover" in run("import", file, "--data", tmp_path / "fresh").out


def test_export_to_stdout_is_json(capfdbinary, data):
    from doorward.app.cli import main

    assert main(["export", "-o", "-", "--data", str(data)]) == 0
    assert json.loads(capfdbinary.readouterr().out)["MainAccount"] == "111122223333"


def test_wrong_files_are_said(run, data, tmp_path):
    short, nonsense = tmp_path / "short", tmp_path / "nonsense"
    short.write_text("short")
    nonsense.write_bytes(b"\xff\xfe")
    none, fresh = tmp_path / "none", tmp_path / "fresh"
    for words, says in (
        (["export", "-o", "x", "--data", data, "--passphrase-file", short], "shorter than 12"),
        (["export", "-o", "x", "--data", data, "--passphrase-file", nonsense], "nonsense"),
        (["export", "-o", none / "x", "--data", data], "No such file"),
        (["import", none, "--data", fresh], "No such file"),
        (["import", nonsense, "--data", fresh], "nonsense"),
    ):
        ran = run(*words)
        assert ran.code == 2
        assert says in ran.err


def test_roots_mfa_is_reset_on_a_stopped_directory_and_root_is_told_at_the_next_start(run, data):
    store = SqliteStore(data)
    live = read_live("111122223333", *store.read("111122223333"))
    device = MfaDevice(
        serial="arn:aws:iam::111122223333:mfa/phone",
        kind=MfaKind.VIRTUAL,
        device_id="one",
        created=utc_now(),
        holder="111122223333",
        enabled=utc_now(),
    )
    rows = replace(live, account=live.account.put(device)).rows()
    store.commit([Unit("111122223333", live.revision, rows)])
    store.close()
    ran = run("root", "reset-mfa", "--data", data)
    assert (ran.code, device.serial in ran.out) == (0, True)
    assert events(data) == ["ResetRootMFA"]
    store = SqliteStore(data)
    assert [post.kind for post in store.take_posts(10**15, 0, 9)] == ["mail"]
    assert store.read("111122223333")[0] == live.revision + 2
    store.close()


def test_an_export_into_a_pipe_leaves_it_a_pipe(run, data, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(pipe.read_bytes)
        assert run("export", "-o", pipe, "--data", data).code == 0
        assert pipe.is_fifo()
        assert json.loads(read.result(10))
