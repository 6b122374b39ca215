"""`doorward trail`: buckets are made, and what was delivered to them is proven."""

import json
import re
from base64 import b64encode

import pytest
from tests.app.delivery.delivering import Delivering, HouseOnDisk, read, write

from doorward.app.cli import trail


@pytest.fixture
def data(tmp_path, run):
    """A data directory with two delivered files; no server has it open."""
    directory = tmp_path / "data"
    directory.mkdir()
    assert run("trail", "bucket", "logs", "--data", directory).code == 0
    made = Delivering(HouseOnDisk(directory))
    made.start()
    made.user("ann")
    made.round()
    made.user("bob")
    made.round(hours=1)
    made.round(hours=1)
    keys = made.trail.list_public_keys(EndTime=made.house.clock())["PublicKeyList"]
    shown = [
        {"Fingerprint": each["Fingerprint"], "Value": b64encode(each["Value"]).decode()}
        for each in keys
    ]
    (tmp_path / "keys.json").write_text(json.dumps({"PublicKeyList": shown}))
    made.close()
    return directory


def logs(data):
    return sorted(each for each in data.rglob("*.json.gz") if "_CloudTrail_" in each.name)


def test_a_bucket_is_a_folder_of_the_data_directory(run, tmp_path):
    directory = tmp_path / "data"
    made = run("trail", "bucket", "logs", "--data", directory)
    assert (made.code, made.out.splitlines()[0]) == (0, str(directory / "trail" / "logs"))
    for step in ("create-trail", "--is-multi-region-trail", "file-validation", "start-logging"):
        assert step in made.out
    again = run("trail", "bucket", "logs", "--data", directory, "--json")
    assert again.json == {"bucket": "logs", "directory": str(directory / "trail" / "logs")}
    for place in (directory, directory / "trail", directory / "trail" / "logs"):
        assert place.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["Logs", "..", "../x", "a"])
def test_a_bucket_with_an_odd_name(run, tmp_path, name):
    made = run("trail", "bucket", name, "--data", tmp_path / "data")
    assert made.code == 2
    assert f"Bucket name {name} is invalid" in made.err
    assert not (tmp_path / "data").exists()


def test_a_bucket_where_none_can_be(run, tmp_path):
    (tmp_path / "data").write_text("a file")
    made = run("trail", "bucket", "logs", "--data", tmp_path / "data")
    assert made.code == 2
    assert "data: File exists" in made.err


def test_all_is_as_delivered(run, data):
    done = run("trail", "verify", "--data", data)
    assert done.code == 0, done.out
    assert re.fullmatch(r"digests 3, files 2, records \d+: all is as delivered\.", done.out.strip())
    facts = run("trail", "verify", data / "trail" / "logs", "--data", data, "--json").json
    assert (facts["digests"], facts["files"], facts["troubles"]) == (3, 2, [])


def test_a_removed_record_is_named(run, data):
    place = logs(data)[0]
    records = read(place)["Records"]
    write(place, {"Records": records[:-1]})
    done = run("trail", "verify", "--data", data)
    gone = records[-1]
    assert done.code == 1
    assert f"{place.name}: it is not the file that was delivered" in done.out
    said = f"  record {len(records)} was removed: {gone['eventName']} {gone['eventID']}"
    assert said in done.out.splitlines()
    assert "1 thing is wrong" in done.out


def test_what_a_server_delivered_meanwhile_is_no_trouble(run, data, monkeypatch):
    place = logs(data)[0]
    stray = place.with_name(place.name.replace(".json.gz", "X.json.gz"))
    stray.write_bytes(place.read_bytes())
    checked = trail._checked

    def once(*args):
        found = checked(*args)
        stray.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(trail, "_checked", once)
    assert run("trail", "verify", "--data", data).code == 0


def test_elsewhere_with_the_public_keys(run, data, tmp_path):
    bucket = (data / "trail" / "logs").rename(tmp_path / "copy")
    keys = ("--keys", tmp_path / "keys.json")
    done = run("trail", "verify", bucket, "--data", tmp_path / "none", *keys, "--json")
    assert (done.code, done.json["troubles"]) == (0, [])
    without = run("trail", "verify", bucket, "--data", tmp_path / "none")
    assert without.code == 2
    assert "no public keys" in without.err


def test_a_part_of_the_time(run, data):
    done = run("trail", "verify", "--data", data, "--from", "2000-01-01", "--to", "2099-01-01")
    assert (done.code, done.out.startswith("digests 3,")) == (0, True)
    early = run("trail", "verify", "--data", data, "--to", "2000-01-01")
    assert early.code == 2
    assert "ends in this time" in early.err


@pytest.mark.parametrize("text", ["yesterday", "2026-13-45", "2026-02-30T00:00:00Z"])
def test_a_time_that_is_none(run, text):
    with pytest.raises(SystemExit) as caught:
        run("trail", "verify", "--from", text)
    assert caught.value.code == 2


def test_nothing_to_verify(run, data, tmp_path):
    assert "there is no folder" in run("trail", "verify", tmp_path / "no", "--data", data).err
    # Lines that are no CloudTrail at all: nothing to prove, and nothing to stumble over.
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "x.json.gz").write_bytes(b"\xff\xfe...")
    done = run(
        "trail", "verify", odd, "--data", tmp_path / "none", "--keys", tmp_path / "keys.json"
    )
    assert done.code == 2
    assert "there are no digests" in done.err


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"PublicKeyList": [{"Fingerprint": "x"}]}', "\x00"]
)
def test_keys_that_are_none(run, data, tmp_path, text):
    (tmp_path / "odd.json").write_text(text)
    done = run("trail", "verify", "--data", data, "--keys", tmp_path / "odd.json")
    assert done.code == 2
    assert "it is not what" in done.err


def test_keys_that_are_not_there(run, data, tmp_path):
    done = run("trail", "verify", "--data", data, "--keys", tmp_path / "odd.json")
    assert (done.code, "No such file" in done.err) == (2, True)
