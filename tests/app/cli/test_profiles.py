import os
import stat
import subprocess

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.app.cli.ini_text import has_section, valid_name, with_section
from doorward.app.cli.profiles import Profile, read_profile, replace_key, write_profile

FULL = Profile("http://127.0.0.1:4599", ("AKIAEXAMPLE", "wJalr/+%(x)s"), "/a b/ca.pem")


def test_what_is_written_is_read(tmp_path):
    write_profile(tmp_path, FULL)
    write_profile(tmp_path, Profile("http://127.0.0.1:1"), "111122223333")
    assert read_profile(tmp_path) == FULL
    assert read_profile(tmp_path, "111122223333") == Profile("http://127.0.0.1:1")
    assert read_profile(tmp_path, "none") is None


def test_a_key_stays_until_there_is_another(tmp_path):
    write_profile(tmp_path, FULL)
    write_profile(tmp_path, Profile("http://127.0.0.1:2"))
    found = read_profile(tmp_path)
    assert (found.endpoint, found.key, found.authority) == ("http://127.0.0.1:2", FULL.key, None)
    replace_key(tmp_path, ("A", "B"))
    assert read_profile(tmp_path).key == ("A", "B")
    replace_key(tmp_path, ("A", "B"), "none")
    assert read_profile(tmp_path, "none") is None


@pytest.fixture
def data(tmp_path):
    write_profile(tmp_path / "data" / "aws", FULL)
    write_profile(tmp_path / "data" / "aws", Profile("http://127.0.0.1:1"), "111122223333")
    return tmp_path / "data"


def test_env_prints_what_a_shell_takes(run, data):
    ran = run("env", "--data", data)
    script = f'{ran.out}\nprintf "%s|%s" "$AWS_SECRET_ACCESS_KEY" "$AWS_CA_BUNDLE"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "wJalr/+%(x)s|/a b/ca.pem"
    assert run("env", "--data", data, "--json").json["AWS_REGION"] == "us-east-1"


def test_env_of_another_account(run, data):
    exports = run("env", "--account", "111122223333", "--data", data, "--json").json
    assert exports == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    ran = run("env", "--account", "999999999999", "--data", data)
    assert ran.code == 2
    assert "account 999999999999" in ran.err


def test_env_without_a_start_is_said(run):
    ran = run("env")
    assert ran.code == 2
    assert "doorward up" in ran.err


def test_a_profile_is_written_only_beside_what_is_there(run, data, tmp_path):
    folder = tmp_path / "home" / ".aws"
    folder.mkdir(parents=True)
    (folder / "config").write_text("# mine\n[profile other]\nregion = eu-west-1")
    (folder / "config").chmod(0o640)
    facts = run("profile", "write", "door", "--data", data, "--json").json
    assert facts["files"] == [str(folder / "config"), str(folder / "credentials")]
    text = (folder / "config").read_text()
    assert text.startswith("# mine\n[profile other]\nregion = eu-west-1\n\n[profile door]\n")
    assert stat.S_IMODE((folder / "config").stat().st_mode) == 0o640
    assert stat.S_IMODE((folder / "credentials").stat().st_mode) == 0o600
    session = boto3.Session(profile_name="door")
    assert session.get_credentials().secret_key == "wJalr/+%(x)s"
    assert session.client("iam").meta.endpoint_url == "http://127.0.0.1:4599"


def test_a_profile_of_that_name_is_replaced_only_by_force(run, data, tmp_path):
    assert run("profile", "write", "door", "--data", data).code == 0
    before = (tmp_path / "home" / ".aws" / "config").read_text()
    ran = run("profile", "write", "door", "--data", data)
    assert ran.code == 2
    assert "--force" in ran.err
    assert (tmp_path / "home" / ".aws" / "config").read_text() == before
    assert run("profile", "write", "door", "--force", "--data", data).code == 0
    assert (tmp_path / "home" / ".aws" / "config").read_text() == before


def test_the_files_of_the_environment_and_links_are_kept(run, data, tmp_path, monkeypatch):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("")
    link.symlink_to(real)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(link))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "new" / "credentials"))
    assert run("profile", "write", "door", "--data", data).code == 0
    assert link.is_symlink()
    assert "[profile door]" in real.read_text()
    assert "[door]" in (tmp_path / "new" / "credentials").read_text()


@pytest.mark.practice("S000-08", "S004-06")
def test_a_profile_that_assumes_a_role_with_mfa(run, data, tmp_path):
    role, serial = "arn:aws:iam::111122223333:role/r", "arn:aws:iam::111122223333:mfa/ann"
    words = ("--source-profile", "door", "--mfa-serial", serial, "--region", "eu-west-1")
    assert run("profile", "write", "door", "--data", data).code == 0
    assert run("profile", "write", "r", "--role-arn", role, *words, "--data", data).code == 0
    text = (tmp_path / "home" / ".aws" / "config").read_text()
    assert text.endswith(
        "[profile r]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:4599\n"
        f"ca_bundle = /a b/ca.pem\nrole_arn = {role}\nsource_profile = door\n"
        f"mfa_serial = {serial}\n"
    )
    assert "[r]" not in (tmp_path / "home" / ".aws" / "credentials").read_text()
    assert boto3.Session(profile_name="r")._session.get_scoped_config()["mfa_serial"] == serial


@pytest.mark.parametrize(
    "words", [("--role-arn", "arn"), ("--source-profile", "p"), ("--mfa-serial", "a\n[b]")]
)
def test_half_a_role_and_two_lines_are_no_profile(run, data, tmp_path, words):
    assert run("profile", "write", "r", *words, "--data", data).code == 2
    assert not (tmp_path / "home" / ".aws").exists()


def test_what_cannot_be_written_is_said(run, data, tmp_path, monkeypatch):
    ran = run("profile", "write", "a]\nb", "--data", data)
    assert ran.code == 2
    assert "cannot name a profile" in ran.err
    file = tmp_path / "config"
    file.write_bytes(b"\xff")
    for place, says in ((file, "utf-8"), (file / "below", "File exists")):
        monkeypatch.setenv("AWS_CONFIG_FILE", os.fspath(place))
        ran = run("profile", "write", "door", "--data", data)
        assert ran.code == 2
        assert says in ran.err


LINES = st.lists(
    st.sampled_from(
        ["# note", "[default]", "[profile a]", "[ profile  a ]", "region = x", "", "  s = y"]
    )
)


@given(LINES)
def test_a_section_is_there_once_and_everything_else_stays(lines):
    text = "\n".join(lines)
    after = with_section(text, "profile new", {"region": "x"})
    assert after.startswith(text)
    assert has_section(after, "profile new")
    again = with_section(after, "profile new", {"region": "y"})
    assert again.count("[profile new]") == 1
    assert again.rstrip().endswith("region = y")
    assert not has_section(
        with_section(after, "profile a", {}).split("[profile a]\n")[0], "profile a"
    )


@pytest.mark.parametrize(
    ("name", "valid"), [("a-b_1", True), ("", False), ("a b", False), ("a]", False)]
)
def test_names_of_profiles(name, valid):
    assert valid_name(name) is valid
