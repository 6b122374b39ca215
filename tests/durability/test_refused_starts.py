"""A node that cannot keep its promises does not start: one clear line, exit code 2."""

import os
import sqlite3
from base64 import b64encode
from contextlib import closing

import pytest
from tests.durability.server import refused, started


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    """A data directory after its first start, and the account made there."""
    directory = tmp_path_factory.mktemp("first") / "data"
    with started(directory) as server:
        return directory, server.account


@pytest.fixture
def data(first_start, tmp_path):
    """A copy of it, to be spoilt."""
    filled, _ = first_start
    for file in ("doorward.db", "master.key"):
        place = tmp_path / "data" / file
        place.parent.mkdir(exist_ok=True)
        place.write_bytes((filled / file).read_bytes())
        place.chmod(0o600)
    return tmp_path / "data"


def says(directory, *options, **variables):
    """The one line of a refused start."""
    code, text = refused(directory, *options, **variables)
    lines = [line for line in text.splitlines() if line]
    assert code == 2, text
    assert lines[0].startswith("doorward up: ")
    assert "Traceback" not in text
    assert len(lines) <= 2, text
    return lines[0]


def test_the_copy_itself_starts(data, first_start):
    with started(data) as server:
        assert server.account == first_start[1]


def test_a_newer_schema(data):
    with closing(sqlite3.connect(data / "doorward.db")) as database:
        database.execute("UPDATE schema_version SET version = 99")
        database.commit()
    assert "schema version 99" in says(data)


def test_a_directory_that_is_in_use(data):
    with started(data) as server:
        assert f"in use by process {server.process.pid}" in says(data)
        assert server.get("/ready")[0] == 200


def test_a_missing_master_key(data):
    (data / "master.key").unlink()
    assert "No master key from" in says(data)
    assert not (data / "master.key").exists()


def test_a_wrong_master_key(data):
    assert "is another one" in says(data, DOORWARD_MASTER_KEY=b64encode(os.urandom(32)).decode())


def test_a_master_key_that_is_none(data):
    (data / "master.key").write_text("not a key\n")
    said = says(data)
    assert "neither 32 bytes" in said
    assert "not a key" not in said


def test_a_master_key_that_others_may_read(data):
    (data / "master.key").chmod(0o644)
    assert "chmod 600" in says(data)


def test_what_is_no_database(data):
    (data / "doorward.db").write_bytes(b"no database" * 1000)
    assert "not a database" in says(data)


def test_a_database_that_is_cut_off(data):
    """A file half copied; whatever is still readable of it."""
    whole = (data / "doorward.db").read_bytes()
    (data / "doorward.db").write_bytes(whole[: len(whole) // 2])
    assert "malformed" in says(data)


def test_a_data_directory_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    assert str(tmp_path / "data") in says(tmp_path / "data")


def test_a_postgresql_that_is_not_there(tmp_path):
    url = f"postgresql://doorward@/nowhere?host={tmp_path}"
    assert "The store is not available" in says(tmp_path / "data", "--database", url)


def test_another_kind_of_database(tmp_path):
    assert "mysql://" in says(tmp_path / "data", "--database", "mysql://here/there")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("trail.strikt=on", "unknown setting trail.strikt"),
        ("trail.strict=perhaps", "expected on or off"),
        ("http.trusted_proxies=proxy.example", "http.trusted_proxies"),
    ],
)
def test_a_setting_that_is_wrong(tmp_path, setting, said):
    assert said in says(tmp_path / "data", "--set", setting)
    assert not (tmp_path / "data" / "doorward.db").exists()


def test_a_misspelt_environment_variable(tmp_path):
    assert "DOORWARD_TRAIL_STRIKT" in says(tmp_path / "data", DOORWARD_TRAIL_STRIKT="on")
