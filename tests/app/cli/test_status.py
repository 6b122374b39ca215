import json

import pytest


def test_a_server_that_runs_is_ready(run, server, tmp_path):
    facts = server("--data", tmp_path).facts
    ran = run("status", "--data", tmp_path, "--json")
    assert ran.code == 0
    assert ran.json == {
        "endpoint": facts["endpoint"],
        "data": str(tmp_path),
        "state": "ready",
        "account": facts["account"],
        "warnings": [],
        "mail": None,
        "alarms": "8 of 8 built in",
    }
    by_endpoint = run("status", "--endpoint", facts["endpoint"])
    assert by_endpoint.code == 0
    assert "ready" in by_endpoint.out
    assert "alarms    -" in by_endpoint.out


def test_no_server_is_the_answer_no(run, tmp_path):
    ran = run("status", "--data", tmp_path, "--endpoint", "http://127.0.0.1:1", "--json")
    assert ran.code == 1
    assert ran.json["state"] == "stopped"
    assert ran.json["account"] is None


@pytest.mark.practice("S000-01", "S001-08")
def test_keys_of_root_are_shouted(run, server, tmp_path):
    seed = tmp_path / "seed.yaml"
    seed.write_text("root: {access_key: {id: AKIAROOTROOTROOTROOT, secret: s}}\n")
    data = tmp_path / "data"
    account = server("--data", data, "--seed", seed).facts["account"]
    (data / "doorward.toml").write_text('[root]\naccess_keys = "allow"\n')
    told = run("status", "--data", data).out
    assert "WARNING   root.access_keys is allow" in told
    assert f"WARNING   root of account {account} has access keys: AKIAROOTROOTROOTROOT." in told
    assert len(run("status", "--data", data, "--json").json["warnings"]) == 2


def test_mail_and_alarms_are_shown_and_an_address_nobody_reads_is_shouted(run, server, tmp_path):
    data = tmp_path / "data"
    account = server("--data", data).facts["account"]
    (data / "doorward.toml").write_text(
        '[mail]\nhost = "mail.example.com"\n[alarms]\nroot_activity = false\n'
    )
    told = run("status", "--data", data).out
    assert "mail      mail.example.com" in told
    assert "alarms    7 of 8 built in" in told
    address = f"root@{account}.doorward.invalid"
    assert f"WARNING   root of account {account} is told nothing: {address} is made up." in told


def test_settings_say_value_and_source(run, tmp_path, monkeypatch):
    (tmp_path / "doorward.toml").write_text("[trail]\nflush_ms = 100\n")
    monkeypatch.setenv("DOORWARD_TRAIL_STRICT", "on")
    found = {
        row["name"]: row for row in run("status", "--settings", "--data", tmp_path, "--json").json
    }
    assert (found["trail.flush_ms"]["value"], found["trail.flush_ms"]["source"]) == (
        100,
        "doorward.toml",
    )
    assert (found["trail.strict"]["value"], found["trail.strict"]["source"]) == (
        True,
        "environment",
    )
    assert found["http.allowed_hosts"]["source"] == "default"
    assert all(row["meaning"] for row in found.values())
    assert "trail.flush_ms" in run("status", "--settings", "--data", tmp_path).out


@pytest.mark.parametrize(
    ("text", "says"), [("[no]\nsuch = 1\n", "unknown setting no.such"), ("[", "doorward.toml")]
)
def test_a_wrong_settings_file_is_said(run, tmp_path, text, says):
    (tmp_path / "doorward.toml").write_text(text)
    ran = run("status", "--settings", "--data", tmp_path)
    assert ran.code == 2
    assert says in ran.err


def test_operations_are_counted_against_aws(run):
    table = json.loads(run("status", "--operations", "--json").out)
    have = {(row["service"], row["operation"]) for row in table if row["have"]}
    assert ("iam", "CreateUser") in have
    assert ("sts", "AssumeRole") in have
    assert ("account", "PutContactInformation") not in have
    assert len({(row["service"], row["operation"]) for row in table}) == len(table)
    words = run("status", "--operations").out
    assert f"iam: {len([1 for service, _ in have if service == 'iam'])} of " in words


def test_reset_goes_back_to_the_first_start(run, server):
    facts = server("--memory").facts
    assert run("reset", "--endpoint", facts["endpoint"], "--json").json == {"status": "reset"}


def test_reset_says_what_it_cannot(run, server, tmp_path):
    facts = server("--data", tmp_path).facts
    for endpoint, says in (
        (facts["endpoint"], "--memory"),
        ("http://127.0.0.1:1", "nobody answers"),
        ("ftp://x", "is no URL"),
    ):
        ran = run("reset", "--endpoint", endpoint)
        assert ran.code == 2
        assert says in ran.err


def test_a_missing_bundle_is_said(run, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", "/no/such/file")
    ran = run("reset", "--endpoint", "https://127.0.0.1:1")
    assert ran.code == 2
    assert "/no/such/file" in ran.err


@pytest.mark.parametrize("value", ['"hunter2"', "2020202"])
def test_a_secret_setting_is_shown_to_nobody(run, tmp_path, value):
    (tmp_path / "doorward.toml").write_text(f"[mail]\npassword = {value}\n")
    ran = run("status", "--settings", "--data", tmp_path)
    assert "mail.password" in ran.out + ran.err
    assert value.strip('"') not in ran.out + ran.err
