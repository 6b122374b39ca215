import errno
import os

import pytest

from doorward.app.config import BadSetting, read_settings
from doorward.app.delivery import folder
from doorward.app.delivery.folder import FolderTarget
from doorward.app.delivery.s3 import S3Target
from doorward.app.delivery.target import File, NotDelivered
from doorward.app.delivery.targets import target_of


@pytest.fixture
def target(tmp_path):
    made = FolderTarget(tmp_path)
    made.make("logs")
    return made


def file(name="a/b/c.json.gz", **given):
    return File(**{"bucket": "logs", "name": name, "data": b"data"} | given)


def test_a_file_with_its_metadata_beside_it(target, tmp_path):
    target.put(file(metadata={"signature": "ab"}))
    place = tmp_path / "logs" / "a" / "b"
    assert {each.name: each.read_bytes() for each in place.iterdir()} == {
        "c.json.gz": b"data",
        "c.json.gz.metadata.json": b'{"signature":"ab"}',
    }


def test_it_is_replaced_whole(target, tmp_path):
    target.put(file())
    target.put(file(data=b"other"))
    assert (tmp_path / "logs/a/b/c.json.gz").read_bytes() == b"other"


def test_what_a_killed_process_left_is_cleared_away(target, tmp_path):
    target.put(file())
    left = tmp_path / "logs/a/b/.c.json.gz.abc.part"
    left.write_bytes(b"half")
    target.put(file())
    assert not left.exists()


def test_faults(target, tmp_path, monkeypatch):
    assert target.fault("logs") == ""
    assert target.fault("none") == "missing"
    (tmp_path / "file").write_text("")
    assert target.fault("file") == "missing"
    monkeypatch.setattr(folder.os, "access", lambda *_args: False)
    assert target.fault("logs") == "refused"


def test_no_bucket(target):
    with pytest.raises(NotDelivered) as caught:
        target.put(file(bucket="none"))
    assert caught.value.code == "NoSuchBucket"


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x"])
def test_a_name_that_leads_out_of_the_bucket(target, tmp_path, name):
    with pytest.raises(NotDelivered, match="lies outside"):
        target.put(file(name))
    assert [each.name for each in tmp_path.iterdir()] == ["logs"]


def test_a_link_that_leads_out_of_the_bucket(target, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "logs" / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotDelivered, match="lies outside"):
        target.put(file())
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "AccessDenied"),
        (errno.EROFS, "AccessDenied"),
        (errno.ENOSPC, "InternalError"),
    ],
)
def test_what_the_system_refuses(target, tmp_path, monkeypatch, number, code):
    def refuse(*_args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder.os, "fsync", refuse)
    with pytest.raises(NotDelivered) as caught:
        target.put(file("c"))
    assert caught.value.code == code
    assert list((tmp_path / "logs").iterdir()) == []


def test_in_memory_the_folder_goes_with_the_process():
    target = FolderTarget(None)
    assert target.fault("logs") == "missing"
    target.make("logs")
    assert target.fault("logs") == ""
    assert target.directory.name.startswith("doorward-trail-")


def test_the_target_the_settings_name(tmp_path):
    def target(*given, directory=tmp_path):
        return target_of(read_settings(arguments=given), directory)

    assert target().directory == tmp_path / "trail"
    assert target(f"trail.directory={tmp_path}/else").directory == tmp_path / "else"
    assert isinstance(target("trail.s3_endpoint=http://127.0.0.1:1"), S3Target)
    made = target("trail.buckets=one,two", directory=None)
    assert sorted(each.name for each in made.directory.iterdir()) == ["one", "two"]


@pytest.mark.parametrize("name", ["..", "a", "../x", "/etc/x", "Logs", "a..b"])
def test_buckets_that_are_no_names(name):
    with pytest.raises(BadSetting, match="no name for a bucket"):
        read_settings(arguments=[f"trail.buckets=logs,{name}"])
