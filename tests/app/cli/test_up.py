import json
import socket
import ssl
import stat
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from doorward.app.house import utc_now
from doorward.app.tls import tls_files

FIELDS = ["endpoint", "console", "account", "root_email", "root_password", "admin", "pid"]
LATER = [name for name in FIELDS if name not in {"root_password", "admin"}]


def client(facts, service="sts", key=None, verify=None):
    pair = key or facts["admin"]
    return boto3.client(
        service,
        endpoint_url=facts["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=pair["access_key_id"],
        aws_secret_access_key=pair["secret_access_key"],
        verify=verify,
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_json_is_one_line_of_exactly_the_documented_fields(server):
    started = server("--memory", "--account", "111122223333")
    facts = started.facts
    assert list(facts) == FIELDS
    assert facts["account"] == "111122223333"
    assert facts["root_email"] == "root@111122223333.doorward.invalid"
    assert len(facts["root_password"]) >= 20
    assert facts["pid"] == started.process.pid
    port = facts["endpoint"].rpartition(":")[2]
    assert facts["console"] == f"http://localhost:{port}/console/"
    assert client(facts).get_caller_identity()["Arn"].endswith(":user/admin")


def test_a_data_directory_keeps_everything_through_a_kill(server, tmp_path):
    data = tmp_path / "data"
    first = server("--data", data)
    client(first.facts, "iam").create_user(UserName="ann")
    first.kill()
    second = server("--data", data)
    assert list(second.facts) == LATER
    assert second.facts["account"] == first.facts["account"]
    names = client(second.facts, "iam", first.facts["admin"]).list_users()["Users"]
    assert [user["UserName"] for user in names] == ["admin", "ann"]


def test_keys_go_into_the_data_directory_alone(server, tmp_path):
    started = server("--data", tmp_path / "data")
    files = sorted((tmp_path / "data" / "aws").iterdir())
    assert [file.name for file in files] == ["config", "credentials"]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert started.facts["admin"]["secret_access_key"] in files[1].read_text()
    assert not (tmp_path / "home").exists()


def test_a_seed_is_served(server, tmp_path):
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        'account: {id: "111122223333", email: root@example.com}\nadmin: false\n'
        "users:\n- name: ann\n  policies: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess']\n"
        "  access_keys: [{id: AKIAIOSFODNN7EXAMPLE, secret: example}]\n"
        "root: {access_key: {id: test, secret: test}}\n"
    )
    facts = server("--memory", "--seed", seed).facts
    assert facts["admin"] is None
    assert facts["root_email"] == "root@example.com"
    ann = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "example"}
    assert client(facts, key=ann).get_caller_identity()["Arn"].endswith(":user/ann")
    with pytest.raises(ClientError, match="AccessDenied"):
        client(facts, "iam", ann).create_user(UserName="bob")
    root = {"access_key_id": "test", "secret_access_key": "test"}
    assert client(facts, key=root).get_caller_identity()["Arn"].endswith(":root")


def test_tls_auto_serves_what_its_authority_signed(server, tmp_path, run):
    data = tmp_path / "data"
    facts = server("--data", data, "--tls-auto").facts
    assert facts["endpoint"].startswith("https://")
    assert facts["console"].startswith("https://localhost:")
    authority = data / "tls" / "ca.pem"
    assert client(facts, verify=str(authority)).get_caller_identity()
    exports = run("env", "--data", data, "--json").json
    assert exports["AWS_CA_BUNDLE"] == str(authority)
    assert run("status", "--data", data, "--json").json["state"] == "ready"
    strict = ssl.create_default_context(cafile=authority)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    with urllib.request.urlopen(f"{facts['endpoint']}/health", context=strict) as reply:
        assert json.load(reply) == {"status": "ok"}


def test_a_person_reads_first_that_enforcement_is_on(tmp_path):
    import subprocess

    from tests.app.cli.conftest import COMMAND

    with subprocess.Popen(
        [*COMMAND, "up", "--port", "0", "--data", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        lines = []
        while not lines or "Then try" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert "enforcement ON" in lines[0]
    text = "".join(lines)
    assert "export AWS_ACCESS_KEY_ID=AKIA" in text
    assert "\x1b" not in text


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def refused(run, tmp_path, *words, says):
    data = tmp_path / "refused"
    ran = run("up", "--port", "0", "--data", data, *words)
    assert ran.code == 2
    assert says in ran.err
    assert len(ran.err.splitlines()) <= 2
    assert "Traceback" not in ran.err
    assert not (data / "doorward.db").exists()


def test_a_port_in_use_is_said_before_anything_is_made(run, tmp_path, taken_port):
    refused(run, tmp_path, "--port", taken_port, says="Address already in use")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--host", "no such host"], "cannot listen on no such host"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
        (["--host", "x" * 300], "cannot listen on"),
        (["--port", "70000"], "expected 0 to 65535"),
        (["--account", "12"], "expected 12 digits"),
        (["--seed", "/no/such/file"], "No such file"),
        (["--set", "no.such=1"], "unknown setting no.such"),
        (["--set", "trail.strict=maybe"], "expected on or off"),
        (["--tls-cert", "/no/such/file"], "go together"),
        (["--tls-cert", "/no/such/file", "--tls-key", "/no/such/file"], "No such file"),
        (["--tls-auto", "--tls-key", "/no/such/file"], "--tls-auto makes"),
        (["--database", "mysql://x"], "mysql://"),
    ],
)
def test_what_cannot_be_is_one_clear_line(run, tmp_path, words, says):
    refused(run, tmp_path, *words, says=says)


def test_files_that_do_not_belong_together_are_said(run, tmp_path):
    files = tls_files(tmp_path / "tls", "localhost", utc_now())
    other = tls_files(tmp_path / "other", "localhost", utc_now())
    refused(run, tmp_path, "--tls-cert", files.chain, "--tls-key", other.key, says="--tls-cert")


def test_broken_files_of_tls_auto_are_said(run, tmp_path):
    place = tmp_path / "refused" / "tls"
    place.mkdir(parents=True)
    (place / "ca.pem").write_text("nonsense")
    (place / "ca.key").write_text("nonsense")
    refused(run, tmp_path, "--tls-auto", says="Remove")


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("users:\n- name: ann\n  colour: red\n", [], "line 3, users[0].colour"),
        ("users:\n- name: a b\n", [], "line 2, users[0]: ValidationError"),
        ('account: {id: "111122223333"}', ["--account", "444455556666"], "the seed says"),
        ("organization: {}", [], "comes with Organizations"),
    ],
)
def test_a_seed_that_cannot_be_used_is_said(run, tmp_path, text, words, says):
    seed = tmp_path / "seed.yaml"
    seed.write_text(text)
    ran = run("up", "--memory", "--port", "0", "--seed", seed, *words)
    assert ran.code == 2
    assert says in ran.err


def test_a_root_key_in_the_seed_is_warned_of(run, tmp_path):
    seed = tmp_path / "seed.yaml"
    seed.write_text("root: {access_key: {id: test, secret: test}}\nusers: [{name: a b}]\n")
    ran = run("up", "--memory", "--port", "0", "--seed", seed)
    assert "warning: the seed gives root an access key" in ran.err


def test_memory_and_a_database_exclude_each_other(run):
    ran = run("up", "--memory", "--database", "postgresql://x")
    assert ran.code == 2
    assert "--memory keeps nothing" in ran.err


def test_a_filled_directory_takes_no_other_seed(run, server, tmp_path):
    data, seed = tmp_path / "data", tmp_path / "seed.yaml"
    seed.write_text("admin: false\n")
    assert server("--data", data, "--seed", seed).close() == 0
    assert server("--data", data, "--seed", seed).close() == 0
    seed.write_text("admin: true\n")
    for words in (["--seed", seed], ["--account", "000000000001"]):
        ran = run("up", "--port", "0", "--data", data, *words)
        assert ran.code == 2
        assert "this store" in ran.err


def test_a_directory_in_use_is_said(run, server, tmp_path):
    started = server("--data", tmp_path)
    ran = run("up", "--port", "0", "--data", tmp_path)
    assert ran.code == 2
    assert f"in use by process {started.process.pid}" in ran.err
