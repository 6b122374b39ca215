import json

import pytest

from doorward.app.cli import main


@pytest.mark.parametrize(
    ("host", "words"), [("", "mail.host is not set"), ("localhost", "one mail a minute")]
)
def test_it_lists_what_is_on(tmp_path, capsys, monkeypatch, host, words):
    monkeypatch.setenv("DOORWARD_ALARMS_BUILT_IN", "mfa-removed")
    monkeypatch.setenv("DOORWARD_MAIL_HOST", host)
    assert main(["alarm", "list", "--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert words in told
    lines = {line.split()[1]: line.split()[0] for line in told.splitlines()[:-1]}
    assert lines["root-activity"] == lines["mfa-removed"] == "on"
    assert lines["assume-root"] == "off"


def test_a_program_gets_the_patterns(tmp_path, capsys):
    assert main(["alarm", "list", "--json", "--data", str(tmp_path)]) == 0
    table = json.loads(capsys.readouterr().out)
    assert all(row["on"] and row["pattern"].startswith("{") for row in table)


def test_a_name_that_is_none_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DOORWARD_ALARMS_BUILT_IN", "mfa-remove")
    assert main(["alarm", "list", "--data", str(tmp_path)]) == 2
    assert "signin-failures" in capsys.readouterr().err
