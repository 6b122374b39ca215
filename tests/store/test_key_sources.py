import shlex
import stat
import sys
from base64 import b64encode

import pytest

from doorward.store import key_sources
from doorward.store.errors import KeyExposed, KeyMissing, KeyWrong
from doorward.store.key_sources import (
    CommandKeys,
    EnvironmentKeys,
    FileKeys,
    key_source,
    parsed,
    rendered,
)
from doorward.store.sealed import MasterKeys

RAW = bytes(range(32))
TEXT = b64encode(RAW).decode()


def printing(text):
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(f'print({text!r})')}"


@pytest.mark.parametrize(
    ("setting", "variable", "kind"),
    [
        ("", "", FileKeys),
        ("", TEXT, EnvironmentKeys),
        ("", "command:kms decrypt", CommandKeys),
        ("command:kms decrypt", TEXT, CommandKeys),
        ("/elsewhere/key", TEXT, FileKeys),
    ],
)
def test_the_setting_wins_then_the_environment_then_the_file(tmp_path, setting, variable, kind):
    source = key_source(tmp_path, setting, {"DOORWARD_MASTER_KEY": variable})
    assert type(source) is kind


@pytest.mark.parametrize("text", [TEXT, RAW.hex(), f"  {TEXT}\n", f'{{"key": "{TEXT}"}}\n'])
def test_one_key_may_be_written_in_several_ways(text):
    assert EnvironmentKeys(text).load().current.key == RAW


def test_several_keys_are_json_lines():
    keys = MasterKeys.fresh("2026-01-31").with_fresh().with_others_retired().with_fresh()
    assert parsed(rendered(keys), "here") == keys


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"too short",
        b"\xff" * 32,
        TEXT.encode()[:-4],
        b"zz" * 32,
        b"{",
        b'{"key": 5}',
        b"{}\n[]",
        f'{{"key": "{TEXT}", "state": "lost"}}'.encode(),
        f'{{"key": "{TEXT}", "state": "retired"}}'.encode(),
    ],
)
def test_what_is_no_key_is_refused_without_quoting_it(text):
    with pytest.raises(KeyWrong) as caught:
        parsed(text, "the place")
    assert "the place" in str(caught.value)
    assert TEXT[:8] not in str(caught.value)


def test_the_first_key_file_is_for_its_owner_only(tmp_path):
    source = FileKeys(tmp_path / "deep" / "master.key")
    source.create()
    first = source.load()
    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(source.path.parent.stat().st_mode) == 0o700
    source.create()
    assert source.load() == first
    assert list(source.path.parent.iterdir()) == [source.path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_others_may_read_is_refused(tmp_path, mode):
    source = FileKeys(tmp_path / "master.key")
    source.create()
    source.path.chmod(mode)
    with pytest.raises(KeyExposed, match=r"chmod 600 .*master\.key"):
        source.load()


def test_a_new_key_file_replaces_the_old_one(tmp_path):
    source = FileKeys(tmp_path / "master.key")
    source.create()
    newer = source.load().with_fresh()
    source.save(newer)
    assert source.load() == newer
    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [source.path]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(KeyMissing, match=r"master\.key.*No such file"):
        FileKeys(tmp_path / "master.key").load()


def test_a_command_prints_the_key():
    assert CommandKeys(printing(TEXT)).load().current.key == RAW


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("", "No master key"),
        ("'unclosed", "No closing quotation"),
        ("/no/such/program --token hush", "No such file"),
        (f"{sys.executable} -c 'import sys; sys.exit(\"denied by kms\")'", "ended with 1: denied"),
    ],
)
def test_a_command_that_fails_says_how_and_hides_its_arguments(command, reason):
    with pytest.raises(KeyMissing, match=reason) as caught:
        CommandKeys(command).load()
    assert "hush" not in str(caught.value)


def test_a_command_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(key_sources, "COMMAND_S", 0.1)
    with pytest.raises(KeyMissing, match="no answer"):
        CommandKeys(f"{sys.executable} -c 'import time; time.sleep(60)' hush").load()


def test_a_key_is_not_in_the_source_s_text():
    assert TEXT not in repr(EnvironmentKeys(TEXT))
