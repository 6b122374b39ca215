"""Each refusal ends with one line that helps."""

import pytest
from tests.app.cli.test_orders import data

from doorward.app.cli import asking_server
from doorward.app.cli.profiles import Profile, write_profile

__all__ = ["data"]


@pytest.mark.parametrize(
    ("words", "refusal", "step"),
    [
        (["offboard", "nobody"], "name nobody cannot be found", "aws iam list-users"),
        (["role", "revoke-sessions", "none"], "name none cannot be found", "aws iam list-roles"),
        (["mfa", "forget", "GAHT00000001"], "GAHT00000001 does not exist", "on the token's back"),
        (["recover", "--account", "999999999999"], "no account 999999999999", "Leave --account"),
        (["mfa", "import", "none.csv"], "none.csv: No such file", "Give a file"),
        (["scan-secrets", "none"], "no such file or folder", "Give a file"),
        (
            ["trail", "verify", ".", "--keys", "none"],
            "--keys none: No such file",
            "list-public-keys",
        ),
    ],
)
def test_on_the_machine(run, data, words, refusal, step):
    ran = run(*words, "--data", data)
    said, helps = ran.err.splitlines()
    assert ran.code == 2
    assert refusal in said
    assert step in helps


def test_over_the_wire(run, house, monkeypatch):
    monkeypatch.setattr(asking_server, "client_of", lambda _args, service: house.client(service))
    ran = run("enforce", "mfa", "--group", "none")
    assert ran.code == 2
    assert ran.err.splitlines()[1:] == ["`aws iam list-groups` names them."]


def test_a_directory_that_is_named_comes_before_the_environment(run, data, tmp_path, monkeypatch):
    write_profile(data / "aws", Profile("http://127.0.0.1:1"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:2")
    for words in (["enforce", "mfa", "--group", "g"], ["keys", "rotate", "--user", "ann"]):
        assert "http://127.0.0.1:1/" in run(*words, "--data", data).err
        assert "http://127.0.0.1:2/" in run(*words).err
        assert "knows no endpoint" in run(*words, "--data", tmp_path / "none").err


def test_a_profile_that_is_not_there(run):
    ran = run("keys", "rotate", "--user", "ann", "--aws-profile", "none")
    assert ran.code == 2
    assert ran.err.splitlines()[1:] == ["`aws configure list-profiles` names them."]
